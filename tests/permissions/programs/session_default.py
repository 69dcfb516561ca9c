import boto3
from chalice import Chalice

app = Chalice(app_name="program")
session = boto3.Session()
ssm = session.client("ssm")
@app.lambda_function()
def handler(event, context):
    ssm.get_parameter(Name="/app/key", WithDecryption=True)
