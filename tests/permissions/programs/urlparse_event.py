import boto3
from urllib.parse import urlparse
def go(event):
    u = urlparse(event["uri"])
    boto3.client("s3").get_object(Bucket=u.netloc, Key=u.path[1:])
    v = urlparse(f"s3://bucket/{event['k']}")
    boto3.client("s3").put_object(Bucket=v.netloc, Key=v.path.lstrip("/"))
    boto3.client("s3").delete_object(Bucket=v.netloc, Key=v.path[1:])
