from typing import Annotated
from mypy_boto3_s3 import S3Client


def go(c: Annotated[S3Client, "dep"]):
    c.get_object(Bucket="b", Key="k")
