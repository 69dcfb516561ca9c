import boto3
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    boto3.resource("s3").Bucket("b").upload_file("/tmp/x", "k", ExtraArgs={"ACL": "public-read"})
