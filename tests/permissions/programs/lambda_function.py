import boto3
head = lambda key: boto3.client("s3").head_object(Bucket="b", Key=key)
def handler(event, context):
    return head(event["key"])
