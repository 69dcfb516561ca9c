import boto3, sys
s3 = boto3.client("s3")
def work_a(bucket):
    s3.get_object(Bucket=bucket, Key="a")
def work_b(bucket):
    s3.get_object(Bucket=bucket, Key="b")
def other(bucket):
    s3.get_object(Bucket=bucket, Key="c")
class Worker:
    def do_get(self, key):
        s3.get_object(Bucket="d", Key=key)
def first_go(event):
    globals()["work_" + event["name"]]("one")
    getattr(sys.modules[__name__], f"work_{event['name']}")("two")
    getattr(Worker(), f"do_{event['name']}")("three")
    work_a("known"), work_b("known"), other("known"), Worker().do_get("known")
