import boto3
from chalice import Chalice

app = Chalice(app_name="program")
s3 = boto3.client("s3")
@app.lambda_function()
def handler(event, context):
    s3.upload_file("/tmp/x", "b", "up")
    s3.download_file(Bucket="b", Key="down", Filename="/tmp/y")
    s3.copy({"Bucket": "a", "Key": "from"}, "c", "to")
