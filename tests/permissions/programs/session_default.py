import boto3
session = boto3.Session()
ssm = session.client("ssm")
def handler(event, context):
    ssm.get_parameter(Name="/app/key", WithDecryption=True)
