import boto3
URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs"
def handler(event, context):
    queue = boto3.client("sqs")
    queue.send_message(QueueUrl=URL, MessageBody="x")
