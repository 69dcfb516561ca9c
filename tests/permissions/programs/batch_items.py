import boto3
from chalice import Chalice

app = Chalice(app_name="program")
ddb = boto3.client("dynamodb")
@app.lambda_function()
def handler(event, context):
    ddb.batch_write_item(RequestItems={"a": []})
    ddb.batch_get_item(RequestItems={"b": {"Keys": []}})
