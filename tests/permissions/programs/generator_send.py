import boto3
def worker():
    s3 = boto3.client("s3")
    while True:
        key = yield
        s3.get_object(Bucket="b", Key=key)
def go(event):
    w = worker()
    next(w)
    w.send("k")
