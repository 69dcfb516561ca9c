import boto3
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    boto3.client("s3").upload_file("/tmp/x", "b", "k", ExtraArgs={"SSEKMSKeyId": "1234abcd"})
