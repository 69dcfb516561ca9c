import boto3
from chalice import Chalice

app = Chalice(app_name="program")
s3 = boto3.client("s3")
@app.lambda_function()
def handler(event, context):
    if event:
        bucket = "a"
    else:
        bucket = "b"
    s3.get_object(Bucket=bucket, Key="k")
