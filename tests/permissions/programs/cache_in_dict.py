import boto3
_cache = {}
def client(name):
    if name not in _cache:
        _cache[name] = boto3.client(name)
    return _cache[name]
def handler(event, context):
    client("s3").get_object(Bucket="b", Key="k")
