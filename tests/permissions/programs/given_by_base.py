import boto3, somelib
class Worker(somelib.Processor):
    s3 = boto3.client("s3")
    def handle(self, bucket):
        self.s3.get_object(Bucket=bucket, Key="k")
def first_go(event):
    Worker().handle("known")
def second_go(event):
    Worker().run()
