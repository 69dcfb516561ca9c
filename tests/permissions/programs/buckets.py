import boto3
s3 = boto3.client("s3")
def handler(event, context):
    s3.head_bucket(Bucket="b")
    s3.create_bucket(Bucket="new")
    return s3.list_buckets()
