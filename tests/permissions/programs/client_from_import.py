from boto3 import client
def handler(event, context):
    client("s3").put_object(Bucket="b", Key="k", Body=b"")
