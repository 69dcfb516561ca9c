import boto3
class Names:
    KEY = "%(stage)s/%(kind)s/%(day)s"
    def __init__(self, stage):
        self.stage = stage
    def key(self, kind, day):
        return self.KEY % {"stage": self.stage, "kind": kind, "day": day}
def go(event):
    boto3.client("s3").get_object(Bucket="b", Key=Names("dev").key("raw", event["day"]))
