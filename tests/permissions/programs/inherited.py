import boto3
class Base:
    def __init__(self):
        self.s3 = boto3.client("s3")
class Files(Base):
    def __init__(self, bucket):
        super().__init__()
        self.bucket = bucket
    def put(self):
        self.s3.put_object(Bucket=self.bucket, Key="k")
def handler(event, context):
    Files("b").put()
