import boto3
from tenacity import retry, stop_after_attempt
@retry(stop=stop_after_attempt(3))
def put(key):
    boto3.client("s3").put_object(Bucket="b", Key=key)
def go(event):
    put("k")
