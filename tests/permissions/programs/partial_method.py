import boto3
from functools import partial
from chalice import Chalice

app = Chalice(app_name="program")
publish = partial(boto3.client("sns").publish, TopicArn="arn:aws:sns:eu-west-1:123456789012:t")
@app.lambda_function()
def handler(event, context):
    publish(Message="m")
