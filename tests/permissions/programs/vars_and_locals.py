import boto3
class Clients:
    def __init__(self, **clients):
        vars(self).update(clients)
        self.__dict__["bucket"] = "b"
clients = Clients(s3=boto3.client("s3"))
def go(event):
    stage, kind = "dev", "raw"
    clients.s3.get_object(Bucket=clients.bucket, Key="{stage}/{kind}".format(**locals()))
    clients.s3.put_object(Bucket=clients.bucket, Key="%(stage)s/%(kind)s" % vars())
