import os
import boto3
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    boto3.client("s3").get_object(Bucket=os.environ["NOT_SET"], Key="k")
