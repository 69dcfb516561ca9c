import boto3, functools
s3 = boto3.client("s3")
put = functools.partial(s3.put_object, Bucket="b", ContentType="text/plain")
def go(event):
    put(Key="k", Body=b"")
