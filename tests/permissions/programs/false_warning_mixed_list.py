import boto3
clients = [boto3.client("s3"), boto3.client("sns")]


def go():
    clients[0].list_buckets()
    for c in clients:
        if hasattr(c, "list_topics"):
            c.list_topics()
