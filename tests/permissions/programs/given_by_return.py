import boto3
s3 = boto3.client("s3")
def work(bucket):
    s3.get_object(Bucket=bucket, Key="k")
def handlers():
    return {"x": work}
def first_go(event):
    work("known")
