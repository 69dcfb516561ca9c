import boto3, importlib
from jobs import run
def first_go(event):
    run("known")
def second_go(event):
    importlib.import_module(event["module"]).run(event["bucket"])
# --- jobs.py
import boto3
def run(bucket):
    boto3.client("s3").get_object(Bucket=bucket, Key="k")
