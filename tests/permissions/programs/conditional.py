import boto3
def handler(event, context):
    s3 = event.get("s3") or boto3.client("s3")
    bucket = "prod" if event else "dev"
    s3.get_object(Bucket=bucket, Key="k")
