import boto3


def go(event):
    boto3.client("secretsmanager").batch_get_secret_value(SecretIdList=["x", "y"])
