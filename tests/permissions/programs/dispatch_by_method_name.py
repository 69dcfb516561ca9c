import boto3
class Api:
    def __init__(self):
        self.s3 = boto3.client("s3")
    def on_get(self, key):
        return self.s3.get_object(Bucket="b", Key=key)
    def on_delete(self, key):
        return self.s3.delete_object(Bucket="b", Key=key)
    def __call__(self, event):
        return getattr(self, f"on_{event['method']}")(event["key"])
def go(event):
    return Api()(event)
