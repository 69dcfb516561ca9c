import boto3, somelib
def work(client, bucket):
    client.get_object(Bucket=bucket, Key="k")
def first_go(event):
    work(boto3.client("s3"), "known")
def second_go(event):
    somelib.later(work, boto3.client("s3"), "x")
