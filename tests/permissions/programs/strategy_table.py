import boto3
from enum import Enum
class Kind(str, Enum):
    READ = "read"
    WRITE = "write"
def read(s3):
    s3.get_object(Bucket="b", Key="k")
def write(s3):
    s3.put_object(Bucket="b", Key="k")
STRATEGIES = {Kind.READ: read, Kind.WRITE: write}
def go(event):
    STRATEGIES[Kind(event["kind"])](boto3.client("s3"))
