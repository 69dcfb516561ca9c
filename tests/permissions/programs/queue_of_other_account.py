import boto3


def go(event):
    q = boto3.resource("sqs").get_queue_by_name(QueueName="named", QueueOwnerAWSAccountId="111122223333")
    q.send_message(MessageBody="x")
    boto3.client("sqs").get_queue_url(QueueName="n2", QueueOwnerAWSAccountId="111122223333")
