import boto3


def go(event):
    s3 = boto3.client("s3")
    s3.get_object_attributes(Bucket="b", Key="a", ObjectAttributes=["ETag"])
    s3.get_object_attributes(Bucket="b", Key="v", ObjectAttributes=["ETag"], VersionId="1")
