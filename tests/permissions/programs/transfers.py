import boto3
s3 = boto3.client("s3")
def handler(event, context):
    s3.upload_file("/tmp/x", "b", "up")
    s3.download_file(Bucket="b", Key="down", Filename="/tmp/y")
    s3.copy({"Bucket": "a", "Key": "from"}, "c", "to")
