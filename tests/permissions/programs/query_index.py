import boto3
from chalice import Chalice

app = Chalice(app_name="program")
table = boto3.resource("dynamodb").Table("t")
@app.lambda_function()
def handler(event, context):
    table.query(IndexName="by-date")
    table.query()
