import boto3
def handler(event, context):
    boto3.resource("sns").Topic("arn:aws:sns:eu-west-1:123456789012:t").publish(Message="m")
