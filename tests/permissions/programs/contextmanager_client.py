import boto3, contextlib
@contextlib.contextmanager
def client(name):
    made = boto3.client(name)
    try:
        yield made
    finally:
        made.close()
def go(event):
    with client("s3") as s3, client("sqs") as sqs:
        s3.get_object(Bucket="b", Key="k")
        sqs.list_queues()
