import boto3, itertools
s3 = boto3.client("s3")
def copy(bucket, key):
    s3.put_object(Bucket=bucket, Key=key, Body=b"")
def first_go(event):
    copy("known", "k")
def second_go(event):
    list(itertools.starmap(copy, event["pairs"]))
