from chalicelib import queue
from chalicelib.files import load
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    load("k")
    queue.send(event["url"])
# --- chalicelib/__init__.py
# --- chalicelib/files.py
from .clients import s3
from .settings import BUCKET
def load(key):
    return s3.get_object(Bucket=BUCKET, Key=key)
# --- chalicelib/settings.py
BUCKET = "b"
# --- chalicelib/clients.py
import boto3
s3 = boto3.client("s3")
sqs = boto3.client("sqs")
# --- chalicelib/queue.py
import chalicelib.clients
def send(url):
    chalicelib.clients.sqs.send_message(QueueUrl=url, MessageBody="m")
