import boto3

KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"


def rotate(name, value):
    secrets = boto3.client("secretsmanager")
    secrets.create_secret(Name="api/" + name, SecretString=value, KmsKeyId=KEY)
