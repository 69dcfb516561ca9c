import boto3
from functools import wraps
from chalice import Chalice

app = Chalice(app_name="program")
def with_s3(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(boto3.client("s3"), *args, **kwargs)
    return wrapper
@with_s3
def save(s3, key):
    s3.put_object(Bucket="b", Key=key)
@app.lambda_function()
def handler(event, context):
    save("k")
