import boto3
def keys(s3, bucket):
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="in/"):
        for item in page.get("Contents", []):
            yield item["Key"]
def bodies(s3, bucket, names):
    for name in names:
        yield s3.get_object(Bucket=bucket, Key=name)["Body"]
def go(event):
    s3 = boto3.client("s3")
    return sum(len(b.read()) for b in bodies(s3, "b", keys(s3, "b")))
