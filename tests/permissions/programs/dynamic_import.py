import importlib
import boto3
def go(event):
    module = importlib.import_module("chalicelib." + event["name"])
    module.run(boto3.client("s3"))
# --- chalicelib/__init__.py
# --- chalicelib/one.py
def run(s3):
    s3.get_object(Bucket="b", Key="k")
