import boto3
from functools import lru_cache
from chalice import Chalice

app = Chalice(app_name="program")
@lru_cache(maxsize=None)
def client(name):
    return boto3.client(name)
@app.lambda_function()
def handler(event, context):
    return client("secretsmanager").get_secret_value(SecretId="db")
