import boto3


def go(event):
    s3 = boto3.client("s3")
    s3.copy_object(Bucket="b", Key="c", CopySource={"Bucket": "src", "Key": "x", "VersionId": "v"})
    s3.copy_object(Bucket="b", Key="c", CopySource="src/y?versionId=abc")
    s3.copy({"Bucket": "src", "Key": "z", "VersionId": "1"}, "b", "c")
