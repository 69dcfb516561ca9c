import boto3
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    boto3.resource("sns").Topic("arn:aws:sns:eu-west-1:123456789012:t").publish(Message="m")
