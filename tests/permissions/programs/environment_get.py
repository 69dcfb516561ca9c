from os import environ, getenv
import boto3
from chalice import Chalice

app = Chalice(app_name="program")
BUCKET = environ.get("BUCKET", "other")
REGION = getenv("AWS_REGION")
s3 = boto3.client("s3", region_name=REGION)
@app.lambda_function()
def handler(event, context):
    s3.put_object(Bucket=BUCKET, Key=event["key"])
