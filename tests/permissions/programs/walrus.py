import boto3
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    if (s3 := boto3.client("s3")) and event:
        s3.get_object(Bucket="b", Key="k")
