import boto3
s3 = boto3.client("s3")
def clean(**kw):
    return {k: v for k, v in kw.items() if v}
def go(event, version=None):
    s3.get_object(**clean(Bucket="b", Key="k", VersionId=version))
