import boto3
from concurrent.futures import ThreadPoolExecutor
s3 = boto3.client("s3")
def fetch(key, bucket="b"):
    return s3.get_object(Bucket=bucket, Key=key)
def go(event):
    with ThreadPoolExecutor() as pool:
        list(pool.map(fetch, ["a", "c"], chunksize=2))
        futures = {pool.submit(fetch, key, bucket="d"): key for key in ("e",)}
