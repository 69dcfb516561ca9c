import boto3
queue = boto3.resource("sqs").get_queue_by_name(QueueName="q")
def handler(event, context):
    queue.send_message(MessageBody="m")
    for message in queue.receive_messages():
        message.delete()
