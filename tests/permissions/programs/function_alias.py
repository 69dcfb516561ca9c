import boto3
from chalice import Chalice

app = Chalice(app_name="program")
client = boto3.client("lambda")
@app.lambda_function()
def handler(event, context):
    client.invoke(FunctionName="report", Qualifier="live", Payload=b"{}")
    more = {"Qualifier": event["stage"]} if "stage" in event else {}
    client.invoke(FunctionName="mail", Payload=b"{}", **more)
