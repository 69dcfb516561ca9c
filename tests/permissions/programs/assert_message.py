import boto3
s3 = boto3.client("s3")


def go(x):
    assert x, s3.get_bucket_policy(Bucket="i")
