import boto3
from functools import cached_property
class Files:
    @cached_property
    def client(self):
        return boto3.client("s3")
def handler(event, context):
    return Files().client.get_object_tagging(Bucket="b", Key="k")
