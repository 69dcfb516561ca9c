import abc
import boto3
class Store(abc.ABC):
    @abc.abstractmethod
    def client(self): ...
    def save(self, key):
        self.client().put_object(Bucket="b", Key=key)
class S3Store(Store):
    def client(self):
        return boto3.client("s3")
def run(store: Store, name):
    store.save(f"runs/{name}")
