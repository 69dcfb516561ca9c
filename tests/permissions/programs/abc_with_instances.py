import abc, boto3
class Store(abc.ABC):
    @abc.abstractmethod
    def save(self, key): ...
class S3Store(Store):
    def __init__(self, bucket):
        self.bucket, self.s3 = bucket, boto3.client("s3")
    def save(self, key):
        self.s3.put_object(Bucket=self.bucket, Key=key)
class Memory(Store):
    def save(self, key):
        pass
STORES = {"s3": S3Store("files"), "memory": Memory()}
def handler(store: Store, key):
    store.save("x/" + key)
