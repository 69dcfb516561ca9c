import boto3
from chalice import Chalice

app = Chalice(app_name="program")
def make():
    s3 = boto3.client("s3")
    def load(key):
        return s3.get_object(Bucket="b", Key=key)
    return load
load = make()
@app.lambda_function()
def handler(event, context):
    return load("k")
