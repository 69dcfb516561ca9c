import boto3
from dataclasses import dataclass
from chalice import Chalice

app = Chalice(app_name="program")
@dataclass
class Deps:
    queue: object
    name: str = "x"
deps = Deps(queue=boto3.client("sqs"))
@app.lambda_function()
def handler(event, context):
    deps.queue.send_message(QueueUrl=event["url"], MessageBody="m")
