import boto3
class Container:
    def __init__(self):
        self._factories, self._made = {}, {}
    def register(self, name, factory):
        self._factories[name] = factory
    def resolve(self, name):
        if name not in self._made:
            self._made[name] = self._factories[name](self)
        return self._made[name]
c = Container()
c.register("s3", lambda c: boto3.client("s3"))
c.register("files", lambda c: Files(c.resolve("s3")))
class Files:
    def __init__(self, s3):
        self.s3 = s3
    def read(self, key):
        return self.s3.get_object(Bucket="b", Key=key)
def go(event):
    c.resolve("files").read("k")
