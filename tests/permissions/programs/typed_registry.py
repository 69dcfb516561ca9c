import boto3
SERVICES = {}
def service(cls):
    SERVICES[cls.__name__.lower()] = cls
    return cls
@service
class Files:
    client = boto3.client("s3")
    def run(self, key):
        self.client.get_object(Bucket="b", Key=key)
@service
class Queue:
    client = boto3.client("sqs")
    def run(self, key):
        self.client.list_queues()
def go(event):
    SERVICES["files"]().run("k")
