import boto3
from urllib.parse import urlparse
s3 = boto3.client("s3")
def go(event):
    known = urlparse("s3://Known/a/b?c")
    s3.get_object(Bucket=known.netloc + known.hostname, Key=known.path + known.query)
    inside = urlparse(f"s3://bucket/{event['x']}/tail?query")
    s3.put_object(Bucket=inside.netloc, Key=inside.path)
    s3.put_object_acl(Bucket="q", Key="k-" + inside.query)
    before = urlparse(f"s3://b-{event['x']}-c/tail")
    s3.delete_object(Bucket=before.netloc, Key="k-" + before.path)
