import boto3


class Client:
    def __init__(self, service):
        self.service = service

    def __get__(self, obj, owner=None):
        return boto3.client(self.service)


class Aws:
    s3 = Client("s3")


def go():
    Aws().s3.get_object(Bucket="b", Key="k")
