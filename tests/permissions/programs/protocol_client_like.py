from typing import Protocol
import boto3
class S3Like(Protocol):
    def get_object(self, *, Bucket, Key): ...
class Fake:
    def get_object(self, *, Bucket, Key):
        return {}
def go(s3: S3Like):
    s3.get_object(Bucket="b", Key="k")
