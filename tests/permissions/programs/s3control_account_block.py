import boto3


def go(event):
    boto3.client("s3control").get_public_access_block(AccountId="123456789012")
