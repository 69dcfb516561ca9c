import os
import boto3
from chalice import Chalice

app = Chalice(app_name="program")
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
@app.lambda_function()
def handler(event, context):
    return table.get_item(Key={"id": 1})
