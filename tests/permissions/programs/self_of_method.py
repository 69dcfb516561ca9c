import boto3
def paginate(method, **kwargs):
    client = method.__self__
    paginator = client.get_paginator(method.__name__)
    for page in paginator.paginate(**kwargs).result_key_iters():
        for result in page:
            yield result
def go(event):
    logs = boto3.client("logs")
    return [g["logGroupName"] for g in paginate(logs.describe_log_streams, logGroupName="/a/b")]
