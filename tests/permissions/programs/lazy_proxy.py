import boto3
class Lazy:
    def __init__(self, factory):
        self._factory = factory
        self._object = None
    def __getattr__(self, name):
        if self._object is None:
            self._object = self._factory()
        return getattr(self._object, name)
s3 = Lazy(lambda: boto3.client("s3"))
def go(event):
    s3.get_object(Bucket="b", Key="k")
