import os
import boto3
from chalice import Chalice

app = Chalice(app_name="program")
sts = boto3.client("sts")
ACCOUNT = os.environ["ACCOUNT"]
ARN = f"arn:aws:sns:{os.environ['AWS_REGION']}:{ACCOUNT}:alerts"
@app.lambda_function()
def handler(event, context):
    boto3.client("sns").publish(TopicArn=ARN, Message="m")
