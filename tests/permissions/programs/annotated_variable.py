import somelib
from mypy_boto3_s3 import S3Client


def go():
    v: S3Client = somelib.x
    v.get_object(Bucket="b", Key="k")
