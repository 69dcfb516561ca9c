import boto3
s3 = boto3.client("s3")
def go(event):
    s3.get_object(Bucket="b", Key="k/{}".format("x").encode("utf-8").decode())
