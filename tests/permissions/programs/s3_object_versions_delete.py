import boto3


def go(event):
    boto3.resource("s3").Bucket("logs").object_versions.filter(Prefix="x/").delete()
