import operator

import boto3

from chalicelib.clients import kms

listed = operator.methodcaller("list_topics")
got = operator.methodcaller("get_object", Bucket="b", Key="k")


def go():
    listed(boto3.client("sns"))
    list(map(got, [boto3.client("s3")]))
    kms.list_keys()
# --- chalicelib/__init__.py
# --- chalicelib/clients.py
import boto3


def __getattr__(name):
    return boto3.client(name)
