import boto3


def go(event):
    boto3.client("bedrock-agent-runtime").retrieve_and_generate(input={"text": "x"})
