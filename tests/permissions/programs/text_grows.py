import boto3
s3 = boto3.client("s3")
def go(event):
    key = ""
    for part in ["a", "b", "c"]:
        key += part + "/"
    s3.get_object(Bucket="b", Key=key)
