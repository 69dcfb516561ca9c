import boto3, functools
def inject(**factories):
    def decorate(function):
        @functools.wraps(function)
        def inner(*args, **kwargs):
            made = {name: factory() for name, factory in factories.items()}
            return function(*args, **made, **kwargs)
        return inner
    return decorate
@inject(s3=lambda: boto3.client("s3"), sqs=lambda: boto3.client("sqs"))
def go(event, s3, sqs):
    s3.get_object(Bucket="b", Key="k")
    sqs.list_queues()
