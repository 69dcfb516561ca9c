import boto3
_table = None
def table():
    global _table
    if _table is None:
        _table = boto3.resource("dynamodb").Table("users")
    return _table
def handler(event, context):
    return table().scan()
