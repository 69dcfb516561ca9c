import boto3
import os
GEO = {"us-east-1": "us", "eu-west-1": "eu"}
def go(event):
    geo = GEO.get(os.environ["AWS_REGION"], "us")
    model = f"{geo}.anthropic.claude-3-5-sonnet-20241022-v2:0"
    boto3.client("bedrock-runtime").converse(modelId=model, messages=[])
