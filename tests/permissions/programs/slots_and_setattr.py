import boto3
class Clients:
    __slots__ = ("s3", "sqs")
    def __init__(self, *names):
        for name in names:
            setattr(self, name, boto3.client(name))
clients = Clients("s3", "sqs")
def go(event):
    clients.s3.get_object(Bucket="b", Key="k")
    clients.sqs.list_queues()
