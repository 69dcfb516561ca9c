import boto3
from chalice import Chalice

app = Chalice(app_name="program")
def table(name):
    def decorate(function):
        def wrapper(event, context):
            return function(event, boto3.resource("dynamodb").Table(name))
        return wrapper
    return decorate
@app.lambda_function()
@table("t")
def handler(event, table):
    table.delete_item(Key={"id": 1})
