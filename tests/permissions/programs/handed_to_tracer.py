import boto3
from aws_lambda_powertools import Tracer
tracer = Tracer()
s3 = boto3.client("s3")
get = tracer.capture_method(s3.get_object)
def go(event):
    get(Bucket="b", Key="k")
