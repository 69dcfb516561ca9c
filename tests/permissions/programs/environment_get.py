from os import environ, getenv
import boto3
BUCKET = environ.get("BUCKET", "other")
REGION = getenv("AWS_REGION")
s3 = boto3.client("s3", region_name=REGION)
def handler(event, context):
    s3.put_object(Bucket=BUCKET, Key=event["key"])
