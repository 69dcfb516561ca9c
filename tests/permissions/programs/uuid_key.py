import boto3, uuid
s3 = boto3.client("s3")
def go(event):
    s3.put_object(Bucket="b", Key=f"{uuid.uuid4().hex}/{uuid.uuid4()!s:.8}")
