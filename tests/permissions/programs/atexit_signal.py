import atexit, boto3, weakref
s3 = boto3.client("s3")
def close():
    s3.delete_object(Bucket="b", Key="lock")
atexit.register(close)
def go(event):
    pass
