import boto3
from types import SimpleNamespace
aws = SimpleNamespace(s3=boto3.client("s3"), table=boto3.resource("dynamodb").Table("t"))
def go(event):
    aws.s3.get_object(Bucket="b", Key="k")
    aws.table.scan()
