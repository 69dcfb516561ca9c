import boto3, os
def read(key, bucket="main"):
    boto3.client("s3").get_object(Bucket=bucket, Key=key)
def go(event):
    kw = {}
    if event.get("b"):
        kw["bucket"] = "other"
    read("k", **kw)
    read("l", **{"bucket": "third"})
