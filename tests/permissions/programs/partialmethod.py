from functools import partialmethod
import boto3
s3 = boto3.client("s3")


class Files:
    def _op(self, method, key):
        return getattr(s3, method)(Bucket="pm", Key=key)

    get = partialmethod(_op, "get_object")


def go():
    Files().get("x")
