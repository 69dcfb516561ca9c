import boto3
class Store:
    OPERATIONS = {"get": "get_object", "put": "put_object"}
    def __init__(self):
        self.s3 = boto3.client("s3")
    def run(self, verb, **kwargs):
        return getattr(self.s3, self.OPERATIONS[verb])(**kwargs)
def go(event):
    Store().run("get", Bucket="b", Key="k")
