import boto3

ROTATES = "arn:aws:lambda:eu-west-1:123456789012:function:rotates"


def rotate():
    boto3.client("secretsmanager").rotate_secret(SecretId="db", RotationLambdaARN=ROTATES)
