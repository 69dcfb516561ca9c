import boto3
s3 = boto3.client("s3")
def handler(event, context):
    try:
        return s3.get_object(Bucket="b", Key="k")
    except s3.exceptions.NoSuchKey as error:
        return error
