from chalicelib import a
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    a.load()
# --- chalicelib/__init__.py
# --- chalicelib/a.py
import boto3
from chalicelib import b
s3 = boto3.client("s3")
def load():
    return b.read()
# --- chalicelib/b.py
from chalicelib import a
def read():
    return a.s3.get_object(Bucket="b", Key="k")
