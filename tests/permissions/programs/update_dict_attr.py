import boto3
class Clients:
    def __init__(self, **clients):
        self.__dict__.update(clients)
clients = Clients(s3=boto3.client("s3"))
def go(event):
    clients.s3.get_object(Bucket="b", Key="k")
