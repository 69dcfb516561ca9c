import boto3


def go(event):
    boto3.client("mediaconvert").create_job(Role="arn:aws:iam::123456789012:role/mc", Settings={})
