import boto3
s3 = boto3.client("s3")
def load(**kwargs):
    return s3.get_object(**kwargs)
def handler(event, context):
    where = {"Bucket": "b"}
    where["Key"] = "k"
    return load(**where)
