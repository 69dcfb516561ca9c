import boto3, contextlib, functools, tenacity
from aws_lambda_powertools import Tracer
s3 = boto3.client("s3")
tracer = Tracer()
@tenacity.retry(stop=tenacity.stop_after_attempt(3))
def one(key):
    s3.get_object(Bucket="b", Key=key)
@functools.lru_cache
@tracer.capture_method
def two(key):
    s3.get_object(Bucket="b", Key=key)
def timed(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper
@timed
def three(key):
    s3.get_object(Bucket="b", Key=key)
def go(event):
    one("one"), two("two"), three("three")
    two.cache_clear()
