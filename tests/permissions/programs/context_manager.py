import boto3
from contextlib import contextmanager
from chalice import Chalice

app = Chalice(app_name="program")
@contextmanager
def client(name):
    yield boto3.client(name)
@app.lambda_function()
def handler(event, context):
    with client("s3") as s3:
        s3.get_object(Bucket="b", Key="k")
