import boto3
def work(key):
    boto3.client("s3").get_object(Bucket="b", Key=key)
def first_go(event):
    work("known")
    match (work, event["key"]):
        case (function, key):
            function(key)
