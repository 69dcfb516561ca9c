import boto3
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    boto3.client("events").put_events(Entries=[{"EventBusName": "orders", "Detail": "{}"}])
    boto3.client("stepfunctions").start_execution(stateMachineArn="arn:aws:states:eu-west-1:123456789012:stateMachine:m")
