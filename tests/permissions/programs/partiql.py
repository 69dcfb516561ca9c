import boto3
def handler(event, context):
    boto3.client("dynamodb").execute_statement(Statement='SELECT * FROM "t" WHERE id = 1')
