import boto3
def handler(event, context):
    obj = boto3.resource("s3").Object("b", "k")
    obj.put(Body=b"")
    obj.get()
    obj.delete()
