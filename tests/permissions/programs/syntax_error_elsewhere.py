import boto3
def handler(event, context):
    boto3.client("s3").get_object(Bucket="b", Key="k")
# --- chalicelib/__init__.py
# --- chalicelib/broken.py
def broken(:
