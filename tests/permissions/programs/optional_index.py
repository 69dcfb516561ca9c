import boto3
from chalice import Chalice

app = Chalice(app_name="program")
table = boto3.resource("dynamodb").Table("users")
client = boto3.client("dynamodb")
@app.lambda_function()
def handler(event, context):
    query = {"KeyConditionExpression": "pk = :pk"}
    if "email" in event:
        query["IndexName"] = "by-email"
    table.query(**query)
    client.scan(**event["scan"], TableName="all")
    client.query(**{"TableName": "always", "IndexName": "by-age"})
