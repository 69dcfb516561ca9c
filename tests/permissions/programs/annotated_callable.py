from typing import Callable
from mypy_boto3_s3 import S3Client


def go(f: Callable[[], S3Client]):
    f().get_object(Bucket="b", Key="k")
