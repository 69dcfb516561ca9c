import boto3
from chalice import Chalice

app = Chalice(app_name="program")
_table = None
def table():
    global _table
    if _table is None:
        _table = boto3.resource("dynamodb").Table("users")
    return _table
@app.lambda_function()
def handler(event, context):
    return table().scan()
