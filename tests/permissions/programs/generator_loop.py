import boto3
s3 = boto3.client("s3")
def buckets():
    yield "a"
    yield from ["b"]
def handler(event, context):
    for bucket in buckets():
        s3.get_object(Bucket=bucket, Key=event["key"])
