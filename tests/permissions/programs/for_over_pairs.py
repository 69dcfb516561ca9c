import boto3
s3 = boto3.client("s3")
def go(event):
    for bucket, key in [("a", "x"), ("c", "y")]:
        s3.get_object(Bucket=bucket, Key=key)
