import boto3, somelib
class Base(somelib.Processor):
    s3 = boto3.client("s3")
class Worker(Base):
    def handle(self, bucket):
        self.s3.get_object(Bucket=bucket, Key="k")
def first_go(event):
    Worker().handle("known")
