import boto3
class Tables:
    USERS = "users"
def handler(event, context):
    boto3.client("dynamodb").get_item(TableName=Tables.USERS, Key={})
