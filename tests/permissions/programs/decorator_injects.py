import boto3, functools
def with_client(service):
    def decorate(function):
        @functools.wraps(function)
        def inner(*args, **kwargs):
            return function(boto3.client(service), *args, **kwargs)
        return inner
    return decorate
@with_client("s3")
def read(s3, key):
    return s3.get_object(Bucket="b", Key=key)
def go(event):
    read("k")
