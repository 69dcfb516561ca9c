import boto3
from chalice import Chalice

app = Chalice(app_name="program")
_cache = {}
def client(name):
    if name not in _cache:
        _cache[name] = boto3.client(name)
    return _cache[name]
@app.lambda_function()
def handler(event, context):
    client("s3").get_object(Bucket="b", Key="k")
