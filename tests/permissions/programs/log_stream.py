import boto3
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    boto3.client("logs").put_log_events(logGroupName="/app", logStreamName="s", logEvents=[])
