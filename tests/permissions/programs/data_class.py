import boto3
from dataclasses import dataclass
@dataclass
class Deps:
    queue: object
    name: str = "x"
deps = Deps(queue=boto3.client("sqs"))
def handler(event, context):
    deps.queue.send_message(QueueUrl=event["url"], MessageBody="m")
