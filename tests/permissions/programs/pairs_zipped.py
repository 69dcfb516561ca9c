import boto3
import os
s3 = boto3.client("s3")
REGION = os.environ["AWS_REGION"]
NAMES, BUCKETS = ["us-east-1", "eu-west-1"], ["zu", "ze"]
def go(event):
    s3.get_object(Bucket=dict(zip(NAMES, BUCKETS))[REGION], Key="region")
    s3.get_object(Bucket=dict(zip(NAMES, BUCKETS))["eu-west-1"], Key="known")
    s3.get_object(Bucket={name: bucket for name, bucket in zip(NAMES, BUCKETS)}["us-east-1"], Key="comprehension")
    for name, bucket in zip(NAMES, BUCKETS):
        s3.put_object(Bucket=bucket, Key=name)
    filled = {}
    filled.update(zip(NAMES, BUCKETS))
    s3.delete_object(Bucket=filled["us-east-1"], Key="updated")
    more = [event["name"]]
    more.append("last")
    s3.restore_object(Bucket=dict(zip(more, ["ma", "mb"]))["last"], Key="open")
