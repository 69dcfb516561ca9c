import boto3
cache = {}
def go(event):
    if not (s3 := cache.get("s3")):
        s3 = cache["s3"] = boto3.client("s3")
    s3.get_object(Bucket="b", Key="k")
