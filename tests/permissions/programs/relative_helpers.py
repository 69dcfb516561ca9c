from chalicelib import read
def go(event):
    read("k")
# --- chalicelib/__init__.py
from .files import *
from .files import read_file as read
# --- chalicelib/files.py
from .clients import clients
__all__ = ["read_file"]
def read_file(key):
    return clients["s3"].get_object(Bucket="b", Key=key)
# --- chalicelib/clients.py
import boto3
clients = {name: boto3.client(name) for name in ("s3", "sqs")}
