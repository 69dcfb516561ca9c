import os

from botocore.session import get_session

bucket = os.environ["FILES_BUCKET"]
_clients = {}


def client():
    if "s3" not in _clients:
        _clients["s3"] = get_session().create_client("s3")
    return _clients["s3"]


def attach(number, text):
    client().put_object(Bucket=bucket, Key=f"notes/{number}.txt", Body=text.encode())
    return client().head_object(Bucket=bucket, Key=f"notes/{number}.txt")["ContentLength"]


def attached():
    pages = client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="notes/")
    return [item["Key"] for page in pages for item in page.get("Contents", [])]


def text(number):
    return client().get_object(Bucket=bucket, Key=f"notes/{number}.txt")["Body"].read().decode()


def remove(number):
    client().delete_object(Bucket=bucket, Key=f"notes/{number}.txt")
