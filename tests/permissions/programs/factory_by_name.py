import boto3
from chalice import Chalice

app = Chalice(app_name="program")
def client(name, **kwargs):
    return boto3.client(name, **kwargs)
@app.lambda_function()
def handler(event, context):
    client("s3").get_object(Bucket="b", Key="k")
    client("sqs").get_queue_attributes(QueueUrl=event["url"])
