import boto3, somelib
s3 = boto3.client("s3")
def work(bucket):
    s3.get_object(Bucket=bucket, Key="k")
def first_go(event):
    work("known")
    somelib.enqueue("app.work", "x")
