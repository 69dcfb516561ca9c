import boto3


def go(event):
    boto3.client("s3").delete_objects(Bucket="b", Delete={"Objects": [{"Key": "z", "VersionId": "1"}]})
