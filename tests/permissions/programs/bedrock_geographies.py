import os

import boto3

GEOGRAPHY = os.environ["AWS_REGION"].split("-")[0]
bedrock = boto3.client("bedrock-runtime")


def go(event):
    bedrock.invoke_model(modelId=f"{GEOGRAPHY}.anthropic.claude-3-haiku-20240307-v1:0", body="{}")
    bedrock.converse(modelId="amazon." + event["model"])
    bedrock.converse_stream(modelId=event["prefix"] + "meta.llama3-1-8b-instruct-v1:0")
