import boto3
from botocore.config import Config


def go(event):
    boto3.client("dynamodb", config=Config(region_name="us-east-2")).get_item(TableName="f", Key={})
