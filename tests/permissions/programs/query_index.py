import boto3
table = boto3.resource("dynamodb").Table("t")
def handler(event, context):
    table.query(IndexName="by-date")
    table.query()
