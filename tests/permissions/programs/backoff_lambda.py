import boto3, backoff
s3 = boto3.client("s3")
def go(event):
    call = backoff.on_exception(backoff.expo, Exception)(s3.get_object)
    call(Bucket="b", Key="k")
