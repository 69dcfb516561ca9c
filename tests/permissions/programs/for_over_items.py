import boto3
s3 = boto3.client("s3")
FILES = {"a": "x", "c": "y"}
def go(event):
    for bucket, key in FILES.items():
        s3.get_object(Bucket=bucket, Key=key)
