import boto3
s3 = boto3.client("s3")
def go(v=None):
    args = {"Bucket": "b", "Key": "k", "VersionId": v}
    s3.get_object(**{k: x for k, x in args.items() if x is not None})
