import boto3, functools, somelib
s3 = boto3.client("s3")
def work(bucket, key):
    s3.get_object(Bucket=bucket, Key=key)
def first_go(event):
    work("known", "k")
    somelib.later(functools.partial(work, "other"))
