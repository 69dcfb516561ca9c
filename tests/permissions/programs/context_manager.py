import boto3
from contextlib import contextmanager
@contextmanager
def client(name):
    yield boto3.client(name)
def handler(event, context):
    with client("s3") as s3:
        s3.get_object(Bucket="b", Key="k")
