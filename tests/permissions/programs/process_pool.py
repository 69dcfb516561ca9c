import boto3
from multiprocessing import Pool
from multiprocessing.pool import ThreadPool
s3 = boto3.client("s3")
def work(key):
    return s3.get_object(Bucket="b", Key=key)
def pair(bucket, key):
    return s3.put_object(Bucket=bucket, Key=key)
def go(event):
    with Pool(4) as pool:
        pool.map(work, ["a", "c"])
    ThreadPool(3).starmap(pair, [("p", "q")])
