import boto3
def walk(client, key, depth):
    client.get_object(Bucket="b", Key=key)
    if depth:
        walk(client, key + "/x", depth - 1)
def handler(event, context):
    walk(boto3.client("s3"), "k", 5)
