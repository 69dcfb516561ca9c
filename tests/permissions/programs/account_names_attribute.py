import boto3
import importlib
import os
import chalicelib.buckets
s3 = boto3.client("s3")
ACCOUNT = boto3.client("sts").get_caller_identity()["Account"]
class Buckets:
    of_123456789012 = "p"
def go(event):
    s3.get_object(Bucket=getattr(Buckets, f"of_{ACCOUNT}", "d"), Key="class")
    s3.put_object_acl(Bucket=getattr(chalicelib.buckets, f"of_{ACCOUNT}", "d"), Key="module")
    s3.restore_object(Bucket=os.environ.get(f"OF_{ACCOUNT}", "d"), Key="variable")
    s3.delete_object(Bucket=globals().get(f"of_{ACCOUNT}", "d"), Key="global")
    module = importlib.import_module(f"chalicelib.of_{ACCOUNT}")
    module.write()
# --- chalicelib/__init__.py
# --- chalicelib/buckets.py
of_123456789012 = "q"
# --- chalicelib/of_123456789012.py
import boto3
def write():
    boto3.client("s3").put_object(Bucket="w", Key="k")
