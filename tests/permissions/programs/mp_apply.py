import boto3
from multiprocessing.pool import ThreadPool
s3 = boto3.client("s3")
def fetch(bucket, key):
    return s3.get_object(Bucket=bucket, Key=key)
def go(event):
    pool = ThreadPool(2)
    pool.apply_async(fetch, ("b", "k")).get()
    pool.apply_async(fetch, args=("c",), kwds={"key": "l"})
    pool.apply(fetch, ("d", "m"))
