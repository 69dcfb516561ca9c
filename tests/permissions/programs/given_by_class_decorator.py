import boto3
HANDLERS = {}
def register(of):
    HANDLERS[of.__name__] = of
    return of
@register
class Worker:
    def work(self, key):
        boto3.client("s3").get_object(Bucket="b", Key=key)
def first_go(event):
    Worker().work("known")
    HANDLERS[event["name"]]().work("other")
