import boto3
from chalice import Chalice

app = Chalice(app_name="program")
session = boto3.session.Session(region_name="eu-central-1")
sqs = session.client("sqs")
@app.lambda_function()
def handler(event, context):
    url = sqs.get_queue_url(QueueName="in")["QueueUrl"]
    return sqs.receive_message(QueueUrl=url)
