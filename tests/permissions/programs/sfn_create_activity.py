import boto3


def go(event):
    boto3.client("stepfunctions").create_activity(name="act")
