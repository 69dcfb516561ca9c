import boto3
def handler(event, context):
    with boto3.resource("dynamodb").Table("t").batch_writer() as batch:
        batch.put_item(Item={"id": 1})
        batch.delete_item(Key={"id": 2})
