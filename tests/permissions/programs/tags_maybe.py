import boto3
from chalice import Chalice

app = Chalice(app_name="program")
queues = boto3.client("sqs")
topics = boto3.client("sns")


def made(name, **options):
    return queues.create_queue(QueueName=name, **options)


@app.lambda_function()
def handler(event, context):
    made("tagged", tags={"team": "a"})
    queues.create_queue(QueueName="plain", Attributes={"DelaySeconds": "1"})
    queues.create_queue(QueueName="none", tags=None)
    topics.create_topic(Name="unknown", **event["options"])
