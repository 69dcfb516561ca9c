import boto3, functools
s3 = boto3.client("s3")
def size(key):
    return s3.head_object(Bucket="b", Key=key)["ContentLength"]
def total(before, key):
    return before + s3.get_object(Bucket="b", Key=key)["ContentLength"]
def go(event):
    sorted(["one"], key=size)
    max("two", "three", key=size)
    functools.reduce(total, ["four"], 0)
