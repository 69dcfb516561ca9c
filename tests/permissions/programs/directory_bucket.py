import boto3
from chalice import Chalice

app = Chalice(app_name="program")
FAST = "fast--use1-az4--x-s3"
@app.lambda_function()
def handler(event, context):
    s3 = boto3.client("s3")
    s3.put_object(Bucket=FAST, Key="a", Body=b"", SSEKMSKeyId="1234abcd", ACL="private")
    s3.get_paginator("list_objects_v2").paginate(Bucket=FAST)
    s3.get_bucket_policy(Bucket=FAST)
    s3.copy_object(CopySource=f"{FAST}/a", Bucket="slow", Key="a")
    for bucket in (FAST, "slow"):
        s3.head_object(Bucket=bucket, Key="a")
