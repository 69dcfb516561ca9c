import boto3
class Singleton(type):
    _instances = {}
    def __call__(cls, *args, **kwargs):
        if cls not in cls._instances:
            cls._instances[cls] = super().__call__(*args, **kwargs)
        return cls._instances[cls]
class Files(metaclass=Singleton):
    def __init__(self, bucket):
        self.bucket = bucket
        self.client = boto3.client("s3")
    def read(self, key):
        return self.client.get_object(Bucket=self.bucket, Key=key)
def go(event):
    Files("b").read("k")
