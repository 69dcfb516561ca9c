import boto3
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    boto3.client("dynamodb").execute_statement(Statement='SELECT * FROM "t" WHERE id = 1')
