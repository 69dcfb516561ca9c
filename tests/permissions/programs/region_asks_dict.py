import boto3
import os
s3 = boto3.client("s3")
REGION = os.environ["AWS_REGION"]
NAMES = {"us-east-1": "u", "eu-west-1": "e", "other": "never"}
NESTED = {"us-east-1": {"name": "nu"}}
def go(event):
    s3.get_object(Bucket=NAMES.get(REGION, "d"), Key="get")
    s3.get_object(Bucket=NAMES.get(REGION) or "z", Key="or")
    s3.get_object(Bucket=NAMES.pop(REGION, "p"), Key="pop")
    s3.get_object(Bucket=NAMES[REGION], Key="item")
    s3.get_object(Bucket={"us-east-1": "u"}.setdefault(REGION, "s"), Key="set")
    s3.get_object(Bucket=NESTED[REGION]["name"] if REGION in NESTED else "n", Key="in")
    s3.get_object(Bucket=NESTED.get(REGION, {"name": "nd"})["name"], Key="nested")
def caught(event):
    try:
        bucket = NAMES[boto3.Session().region_name]
    except KeyError:
        bucket = "c"
    s3.put_object(Bucket=bucket, Key="caught")
def of_client(event):
    region = s3.meta.region_name
    s3.put_object(Bucket=NAMES[region] if region in NAMES else "m", Key="of-client")
