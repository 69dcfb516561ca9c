import boto3, os
def go(event):
    bucket = event.get("bucket") or os.environ["BUCKET"]
    boto3.client("s3").get_object(Bucket=bucket, Key="k")
