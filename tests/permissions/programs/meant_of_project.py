import boto3
class Store:
    def __init__(self):
        self.s3 = boto3.client("s3")
    def get(self, key):
        return self.s3.get_object(Bucket="b", Key=key)
def go(event):
    parts = {"queue": boto3.client("sqs"), "store": Store()}
    parts[event["part"]].get("k")
