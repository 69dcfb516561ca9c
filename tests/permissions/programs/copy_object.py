import boto3
def handler(event, context):
    boto3.client("s3").copy_object(CopySource="a/k", Bucket="b", Key="k")
