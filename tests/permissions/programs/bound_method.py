import boto3
get = boto3.client("s3").get_object
def handler(event, context):
    return get(Bucket="b", Key="k")
