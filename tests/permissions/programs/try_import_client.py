try:
    import boto3
    s3 = boto3.client("s3")
except ImportError:
    boto3 = s3 = None
def go(event):
    if s3 is not None:
        s3.get_object(Bucket="b", Key="k")
