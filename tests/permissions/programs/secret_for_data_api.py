import boto3
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    boto3.client("rds-data").execute_statement(
        resourceArn="arn:aws:rds:eu-west-1:123456789012:cluster:c",
        secretArn="arn:aws:secretsmanager:eu-west-1:123456789012:secret:s-AbCdEf",
        sql="select 1",
    )
