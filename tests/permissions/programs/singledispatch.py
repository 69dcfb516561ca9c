import boto3, functools
s3 = boto3.client("s3")
@functools.singledispatch
def save(value):
    raise TypeError
@save.register
def _(value: str):
    s3.put_object(Bucket="b", Key="text")
@save.register(bytes)
def _bytes(value):
    s3.put_object(Bucket="b", Key="bytes")
def go(event):
    save("x")
