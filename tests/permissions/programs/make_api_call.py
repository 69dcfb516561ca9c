import boto3


def go():
    boto3.client("s3")._make_api_call("GetObject", {"Bucket": "raw", "Key": "k"})
