import boto3
s3 = boto3.client("s3")
def handler(event, context):
    if event:
        bucket = "a"
    else:
        bucket = "b"
    s3.get_object(Bucket=bucket, Key="k")
