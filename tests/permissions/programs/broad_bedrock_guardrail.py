import boto3


def go(event):
    boto3.client("bedrock-runtime").apply_guardrail(guardrailIdentifier="g1", guardrailVersion="1", source="INPUT", content=[])
