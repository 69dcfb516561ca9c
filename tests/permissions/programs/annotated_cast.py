import somelib
from typing import cast
from mypy_boto3_s3 import S3Client


def go():
    cast("S3Client", somelib.x).get_object(Bucket="b", Key="k")
