import os
import boto3
sts = boto3.client("sts")
ACCOUNT = os.environ["ACCOUNT"]
ARN = f"arn:aws:sns:{os.environ['AWS_REGION']}:{ACCOUNT}:alerts"
def handler(event, context):
    boto3.client("sns").publish(TopicArn=ARN, Message="m")
