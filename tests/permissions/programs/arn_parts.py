import boto3
ARN = "arn:aws:sqs:eu-west-1:123456789012:orders"
def go(event):
    *_, region, account, name = ARN.split(":")
    sqs = boto3.client("sqs", region_name=region)
    sqs.send_message(QueueUrl=f"https://sqs.{region}.amazonaws.com/{account}/{name}", MessageBody="")
