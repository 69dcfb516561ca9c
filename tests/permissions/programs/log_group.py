import boto3
from chalice import Chalice

app = Chalice(app_name="program")
logs = boto3.client("logs")
@app.lambda_function()
def handler(event, context):
    logs.filter_log_events(logGroupName="/app", filterPattern="ERROR")
    logs.describe_log_streams(logGroupName="/app")
