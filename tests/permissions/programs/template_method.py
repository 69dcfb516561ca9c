import boto3
class Base:
    service = None
    def __init__(self):
        self.client = boto3.client(self.service)
class Queue(Base):
    service = "sqs"
    def go(self):
        self.client.list_queues()
class Keys(Base):
    service = "kms"
    def go(self):
        self.client.list_keys()
for cls in (Queue, Keys):
    cls().go()
