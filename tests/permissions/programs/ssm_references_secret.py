import boto3


def go(event):
    boto3.client("ssm").get_parameter(Name="/aws/reference/secretsmanager/s1", WithDecryption=True)
