import boto3, somelib
class Worker:
    def __init__(self, bucket):
        self.bucket = bucket
        self.s3 = boto3.client("s3")
    def work(self, key):
        self.s3.get_object(Bucket=self.bucket, Key=key)
def first_go(event):
    Worker("one").work("known")
def second_go(event):
    somelib.later(Worker("many").work, "x")
