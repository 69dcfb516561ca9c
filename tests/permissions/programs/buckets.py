import boto3
from chalice import Chalice

app = Chalice(app_name="program")
s3 = boto3.client("s3")
@app.lambda_function()
def handler(event, context):
    s3.head_bucket(Bucket="b")
    s3.create_bucket(Bucket="new")
    return s3.list_buckets()
