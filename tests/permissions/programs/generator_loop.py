import boto3
from chalice import Chalice

app = Chalice(app_name="program")
s3 = boto3.client("s3")
def buckets():
    yield "a"
    yield from ["b"]
@app.lambda_function()
def handler(event, context):
    for bucket in buckets():
        s3.get_object(Bucket=bucket, Key=event["key"])
