from chalicelib.clients import *
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    s3.get_object(Bucket="b", Key="k")
# --- chalicelib/__init__.py
# --- chalicelib/clients.py
import boto3
s3 = boto3.client("s3")
