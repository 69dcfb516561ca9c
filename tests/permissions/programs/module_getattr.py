from chalicelib import clients


def go():
    clients.s3.get_object(Bucket="b", Key="k")
# --- chalicelib/__init__.py
# --- chalicelib/clients.py
import boto3


def __getattr__(name):
    if name == "s3":
        return boto3.client("s3")
    raise AttributeError(name)
