import boto3
from chalice import Chalice

app = Chalice(app_name="program")
class Tables:
    USERS = "users"
@app.lambda_function()
def handler(event, context):
    boto3.client("dynamodb").get_item(TableName=Tables.USERS, Key={})
