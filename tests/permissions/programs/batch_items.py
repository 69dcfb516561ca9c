import boto3
ddb = boto3.client("dynamodb")
def handler(event, context):
    ddb.batch_write_item(RequestItems={"a": []})
    ddb.batch_get_item(RequestItems={"b": {"Keys": []}})
