from typing import Protocol
import boto3
class Store(Protocol):
    def save(self, key: str) -> None: ...
class S3Store:
    def __init__(self, bucket):
        self.bucket = bucket
        self.s3 = boto3.client("s3")
    def save(self, key):
        self.s3.put_object(Bucket=self.bucket, Key=key)
class Service:
    def __init__(self, store: Store):
        self.store = store
    def run(self, name):
        self.store.save(f"runs/{name}")
def build():
    return Service(S3Store("files"))
