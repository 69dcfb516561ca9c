import boto3
s3 = boto3.client("s3")
bucket_a = "m"
class Names:
    bucket_a = "c"
    key = "k"
    files = boto3.client("s3")
    def __init__(self, event):
        self.bucket_b = "d"
        setattr(self, f"bucket_{event['x']}", "other")
        setattr(self, f"file{event['x']}", "no client")
        globals()[f"bucket_{event['x']}"] = "n"
def go(event):
    names = Names(event)
    names.files.get_object(Bucket=names.bucket_a, Key=names.key)
    s3.get_object(Bucket=names.bucket_b, Key="b")
    s3.put_object(Bucket=bucket_a, Key="k")
