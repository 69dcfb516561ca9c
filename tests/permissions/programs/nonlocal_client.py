import boto3
def make():
    client = None
    def load():
        nonlocal client
        if client is None:
            client = boto3.client("s3")
        return client.get_object(Bucket="b", Key="k")
    return load
handler = make()
