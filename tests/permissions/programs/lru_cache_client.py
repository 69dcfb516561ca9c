import boto3
from functools import lru_cache
@lru_cache(maxsize=None)
def client(name):
    return boto3.client(name)
def handler(event, context):
    return client("secretsmanager").get_secret_value(SecretId="db")
