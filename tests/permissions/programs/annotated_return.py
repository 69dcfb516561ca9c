import somelib
from mypy_boto3_s3 import S3Client


def get() -> S3Client:
    return somelib.make()


def go():
    get().get_object(Bucket="b", Key="k")
