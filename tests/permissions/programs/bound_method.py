import boto3
from chalice import Chalice

app = Chalice(app_name="program")
get = boto3.client("s3").get_object
@app.lambda_function()
def handler(event, context):
    return get(Bucket="b", Key="k")
