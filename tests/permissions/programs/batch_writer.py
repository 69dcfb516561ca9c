import boto3
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    with boto3.resource("dynamodb").Table("t").batch_writer() as batch:
        batch.put_item(Item={"id": 1})
        batch.delete_item(Key={"id": 2})
