import boto3
s3 = boto3.client("s3")
def size(key):
    return s3.head_object(Bucket="b", Key=key)["ContentLength"]
def go(event):
    keys = ["one"]
    keys.sort(key=size)
    size("two")
