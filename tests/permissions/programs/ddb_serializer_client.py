import boto3
from boto3.dynamodb.types import TypeSerializer
client = boto3.resource("dynamodb").meta.client
def go(event):
    client.transact_write_items(TransactItems=[{"Put": {"TableName": "t", "Item": {}}}, {"Delete": {"TableName": "u", "Key": {}}}])
