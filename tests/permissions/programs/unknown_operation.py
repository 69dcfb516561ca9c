import boto3
def handler(event, context):
    boto3.client("s3").get_objekt(Bucket="b")
