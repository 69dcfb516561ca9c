import boto3
from urllib.parse import urlparse
URI = "s3://bucket/pre/key.json"
def parse(uri):
    bucket, _, key = uri.replace("s3://", "").partition("/")
    return bucket, key
def go(event):
    bucket, key = parse(URI)
    boto3.client("s3").get_object(Bucket=bucket, Key=key)
    parts = urlparse(URI)
    boto3.client("s3").delete_object(Bucket=parts.netloc, Key=parts.path.lstrip("/"))
