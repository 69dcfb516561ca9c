import boto3
from injector import Injector, Module, provider, singleton, inject
class Files:
    @inject
    def __init__(self, s3: "S3"):
        self.s3 = s3
    def go(self):
        self.s3.get_object(Bucket="b", Key="k")
class S3:
    pass
class Aws(Module):
    @singleton
    @provider
    def s3(self) -> S3:
        return boto3.client("s3")
def go(event):
    Injector([Aws()]).get(Files).go()
