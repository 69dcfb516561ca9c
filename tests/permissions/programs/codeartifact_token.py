import boto3


def token():
    return boto3.client("codeartifact").get_authorization_token(domain="packages")
