import boto3
from chalice import Chalice

app = Chalice(app_name="program")
URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs"
@app.lambda_function()
def handler(event, context):
    queue = boto3.client("sqs")
    queue.send_message(QueueUrl=URL, MessageBody="x")
