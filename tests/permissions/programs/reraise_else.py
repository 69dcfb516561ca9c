import boto3
from botocore.exceptions import ClientError
table = boto3.resource("dynamodb").Table("t")
def go(event):
    try:
        table.put_item(Item={}, ConditionExpression="attribute_not_exists(id)")
    except table.meta.client.exceptions.ConditionalCheckFailedException:
        table.update_item(Key={})
    except ClientError as error:
        if error.response["Error"]["Code"] == "X":
            table.meta.client.describe_table(TableName="u")
        raise
    else:
        table.load()
