import boto3
from tenacity import Retrying
def go(event):
    Retrying()(boto3.client("s3").get_object, Bucket="b", Key="k")
