import boto3
def table(name):
    def decorate(function):
        def wrapper(event, context):
            return function(event, boto3.resource("dynamodb").Table(name))
        return wrapper
    return decorate
@table("t")
def handler(event, table):
    table.delete_item(Key={"id": 1})
