import boto3
def client(name, **kwargs):
    return boto3.client(name, **kwargs)
def handler(event, context):
    client("s3").get_object(Bucket="b", Key="k")
    client("sqs").get_queue_attributes(QueueUrl=event["url"])
