from typing import Protocol
import boto3
class Store(Protocol):
    def save(self, key: str) -> None: ...
class S3Store:
    def __init__(self, bucket="files"):
        self.bucket = bucket
        self.s3 = boto3.client("s3")
    def save(self, key):
        self.s3.put_object(Bucket=self.bucket, Key=key)
def run(store: Store, name):
    store.save(f"runs/{name}")
