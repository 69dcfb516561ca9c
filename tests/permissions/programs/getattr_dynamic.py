import boto3
s3 = boto3.client("s3")
def handler(event, context):
    getattr(s3, event["name"])(Bucket="b")
    return s3.get_object(Bucket="b", Key="k")
