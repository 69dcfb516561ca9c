import boto3
DEFAULTS = {"Bucket": "b"}
def go(event):
    boto3.client("s3").get_object(**{**DEFAULTS, "Key": "k"})
    boto3.client("s3").delete_object(**(DEFAULTS | {"Key": "d"}))
    boto3.client("s3").put_object(**dict(DEFAULTS, Key="p"))
