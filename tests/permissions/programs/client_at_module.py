import boto3
from chalice import Chalice

app = Chalice(app_name="program")
s3 = boto3.client("s3")
@app.lambda_function()
def handler(event, context):
    return s3.get_object(Bucket="b", Key="k")
