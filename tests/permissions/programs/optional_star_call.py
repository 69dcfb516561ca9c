import boto3
def make(service="s3", **options):
    return boto3.client(service, **options)
def go(event):
    extra = {}
    if event.get("service"):
        extra["service"] = "sqs"
    client = make(**extra)
    client.list_queues()
    make().list_buckets()
