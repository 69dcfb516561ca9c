import boto3
from boto3.s3.transfer import S3Transfer


def go():
    S3Transfer(boto3.client("s3")).upload_file("/tmp/f", "e", "w")
    S3Transfer(client=boto3.client("s3")).download_file("e", "d", "/tmp/g")
