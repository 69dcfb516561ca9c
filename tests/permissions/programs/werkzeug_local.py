import boto3
from werkzeug.local import LocalProxy
s3 = LocalProxy(lambda: boto3.client("s3"))
def go(event):
    s3.get_object(Bucket="b", Key="k")
