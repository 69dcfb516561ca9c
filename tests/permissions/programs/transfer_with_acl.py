import boto3
def handler(event, context):
    boto3.resource("s3").Bucket("b").upload_file("/tmp/x", "k", ExtraArgs={"ACL": "public-read"})
