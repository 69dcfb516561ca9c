import boto3


def go(event):
    boto3.client("s3").create_bucket(Bucket="b", ACL="public-read", ObjectLockEnabledForBucket=True, ObjectOwnership="ObjectWriter")
