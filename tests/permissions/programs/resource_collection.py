import boto3
bucket = boto3.resource("s3").Bucket("b")
def handler(event, context):
    return [item.get() for item in bucket.objects.filter(Prefix="x")]
