import boto3
s3 = boto3.client("s3")
def go(event, version=None):
    params = {}
    for name, value in {"Bucket": "b", "Key": "k", "VersionId": version}.items():
        if value is not None:
            params[name] = value
    s3.get_object(**params)
