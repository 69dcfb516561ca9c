import boto3
from functools import lru_cache
@lru_cache(maxsize=None)
def client(name, **kwargs):
    return boto3.client(name, **kwargs)
def go(event):
    client("ssm").get_parameter(Name="/a/b")
    client(name="sns").publish(TopicArn="arn:aws:sns:us-east-1:123456789012:t", Message="")
