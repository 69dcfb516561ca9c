import boto3
HANDLERS = {}
class Registering(type):
    def __new__(cls, name, bases, body):
        made = super().__new__(cls, name, bases, body)
        HANDLERS[name] = made
        return made
class Worker(metaclass=Registering):
    def work(self, bucket):
        boto3.client("s3").get_object(Bucket=bucket, Key="k")
def first_go(event):
    Worker().work("known")
    HANDLERS[event["name"]]().work("other")
