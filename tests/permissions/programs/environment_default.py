import os
import boto3
def handler(event, context):
    boto3.client("s3").get_object(Bucket=os.getenv("NOT_SET", "fallback"), Key="k")
