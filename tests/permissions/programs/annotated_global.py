import somelib
from mypy_boto3_s3 import S3Client
from mypy_boto3_sns import SNSClient

_s3: S3Client | None = None
sns: SNSClient


def s3():
    global _s3
    if _s3 is None:
        _s3 = somelib.client()
    return _s3


def start():
    global sns
    sns = somelib.other()


def go():
    s3().get_object(Bucket="b", Key="k")
    sns.list_topics()


class Kept:
    def __init__(self):
        self.client: S3Client = somelib.kept

    def clear(self):
        self.client.delete_object(Bucket="b", Key="k")
