import boto3
def handler(event, context):
    boto3.client("dynamodb").transact_write_items(TransactItems=[
        {"Put": {"TableName": "a", "Item": {}}},
        {"Update": {"TableName": "b", "Key": {}}},
        {"ConditionCheck": {"TableName": "c", "Key": {}}},
    ])
