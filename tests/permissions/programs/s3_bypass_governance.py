import boto3


def go(event):
    boto3.client("s3").delete_object(Bucket="b", Key="g", VersionId="1", BypassGovernanceRetention=True)
