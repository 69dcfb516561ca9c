import boto3
from typing import NamedTuple, Any
class Aws(NamedTuple):
    s3: Any
    table: Any
    name: str = "x"
def build():
    return Aws(s3=boto3.client("s3"), table=boto3.resource("dynamodb").Table("t"))
def go(event):
    aws = build()
    aws.s3.get_object(Bucket="b", Key=aws.name)
    s3, table, _ = aws
    table.scan()
