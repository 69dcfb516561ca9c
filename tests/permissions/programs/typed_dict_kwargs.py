import boto3
class Args(dict):
    pass
def go(event):
    args = dict(Bucket="b", Key="k")
    args.update(ContentType="x")
    args |= {"ACL": "private"}
    boto3.client("s3").put_object(**args)
