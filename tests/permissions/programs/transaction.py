import boto3
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    boto3.client("dynamodb").transact_write_items(TransactItems=[
        {"Put": {"TableName": "a", "Item": {}}},
        {"Update": {"TableName": "b", "Key": {}}},
        {"ConditionCheck": {"TableName": "c", "Key": {}}},
    ])
