import boto3


class E(Exception):
    def __init__(self, client):
        self.client = client


def go():
    try:
        raise E(boto3.client("s3"))
    except E as e:
        e.client.list_buckets()
