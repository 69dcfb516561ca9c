import boto3
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    boto3.client("ses").send_email(Source="Me <me@example.com>", Destination={}, Message={})
