import boto3
s3 = boto3.client("s3")
def go(event):
    parts = ["in"]
    if event:
        parts.append("x")
    s3.get_object(Bucket="b", Key="/".join(parts))
