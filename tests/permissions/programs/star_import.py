from chalicelib.clients import *
def handler(event, context):
    s3.get_object(Bucket="b", Key="k")
# --- chalicelib/__init__.py
# --- chalicelib/clients.py
import boto3
s3 = boto3.client("s3")
