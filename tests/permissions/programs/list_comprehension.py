import boto3
s3 = boto3.client("s3")
def handler(event, context):
    return [s3.delete_object(Bucket=name, Key="k") for name in ("a", "b")]
