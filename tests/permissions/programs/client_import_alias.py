import boto3 as aws
from boto3 import client as make
s3 = make(service_name="s3")
def handler(event, context):
    s3.delete_object(Bucket="b", Key="k")
    unused = aws.client("s3")
