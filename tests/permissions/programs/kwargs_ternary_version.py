import boto3
s3 = boto3.client("s3")


def go(version=None):
    s3.get_object(Bucket="b", Key="k", **({"VersionId": version} if version else {}))
