import boto3
from cached_property import cached_property
class A:
    @cached_property
    def s3(self):
        return boto3.client("s3")
def go(event):
    A().s3.get_object(Bucket="b", Key="k")
