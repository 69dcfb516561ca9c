import boto3 as aws
from boto3 import client as make
from chalice import Chalice

app = Chalice(app_name="program")
s3 = make(service_name="s3")
@app.lambda_function()
def handler(event, context):
    s3.delete_object(Bucket="b", Key="k")
    unused = aws.client("s3")
