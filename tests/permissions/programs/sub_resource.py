import boto3
s3 = boto3.resource("s3")
def handler(event, context):
    s3.Bucket("b").Object("k").get()
    return s3.BucketVersioning("b").status
