import boto3
def send(kind, body):
    match kind:
        case "sqs":
            boto3.client("sqs").send_message(QueueUrl="https://sqs.us-east-1.amazonaws.com/123456789012/q", MessageBody=body)
        case "sns":
            boto3.client("sns").publish(TopicArn="arn:aws:sns:us-east-1:123456789012:t", Message=body)
