import boto3
import os
s3 = boto3.client("s3")
REGION = os.environ["AWS_REGION"]
def go(event):
    s3.get_object(Bucket=sorted(["b", "a"])[0], Key="sorted")
    s3.get_object(Bucket=list(reversed(["d", "c"]))[0], Key="reversed")
    s3.get_object(Bucket=sorted(["e", REGION])[0], Key="region")
    s3.get_object(Bucket=sorted(["f", "g"], key=len)[0], Key="key")
    s3.get_object(Bucket=list({"h", "i"})[0], Key="set")
    for bucket, key in sorted({"j": "items", "k": "others"}.items()):
        s3.get_object(Bucket=bucket, Key=key)
