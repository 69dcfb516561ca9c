import abc, boto3, enum, logging, threading, typing
T = typing.TypeVar("T")
class Store(abc.ABC, typing.Generic[T]):
    s3 = boto3.client("s3")
    def put(self, key):
        self.s3.put_object(Bucket="b", Key=key)
class Failed(Exception):
    def tell(self, key):
        boto3.client("s3").put_object(Bucket="failed", Key=key)
class Worker(threading.Thread):
    def run(self):
        self.fetch("known")
    def fetch(self, key):
        boto3.client("s3").get_object(Bucket="b", Key=key)
def first_go(event):
    Store().put("one")
    Failed().tell("two")
    logging.getLogger().info("%s", Store())
    Worker().start()
