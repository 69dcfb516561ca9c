import boto3
def handler(event, context):
    if (s3 := boto3.client("s3")) and event:
        s3.get_object(Bucket="b", Key="k")
