import boto3, threading
local = threading.local()
def s3():
    if not hasattr(local, "s3"):
        local.s3 = boto3.session.Session().client("s3")
    return local.s3
def go(event):
    s3().get_object(Bucket="b", Key="k")
