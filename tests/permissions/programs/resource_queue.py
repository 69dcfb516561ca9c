import boto3
from chalice import Chalice

app = Chalice(app_name="program")
queue = boto3.resource("sqs").get_queue_by_name(QueueName="q")
@app.lambda_function()
def handler(event, context):
    queue.send_message(MessageBody="m")
    for message in queue.receive_messages():
        message.delete()
