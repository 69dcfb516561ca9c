import boto3
import os
s3 = boto3.client("s3")
REGION = os.environ["AWS_REGION"]
def go(event):
    s3.get_object(Bucket="a-" + REGION.partition("-")[0], Key="1")
    s3.get_object(Bucket="b-" + REGION.partition("-")[2], Key="2")
    s3.get_object(Bucket="c-" + REGION.rpartition("-")[0], Key="3")
    s3.get_object(Bucket=REGION.rpartition("-")[0] + "-d", Key="4")
    s3.get_object(Bucket="e-" + f"{REGION}-x".partition("-")[2], Key="5")
    s3.get_object(Bucket="f-" + f"{REGION}_x".partition("_")[2], Key="6")
    s3.get_object(Bucket="g-" + f"g-{REGION}".partition("-")[2], Key="7")
    head, _, tail = f"{REGION}/h".rpartition("/")
    s3.get_object(Bucket=f"{tail}-{head}", Key="8")
    s3.get_object(Bucket="i-" + f"i-{REGION}".split("-")[2], Key="9")
    s3.get_object(Bucket=f"{REGION}-j".split("-")[-1], Key="10")
    s3.get_object(Bucket=f"k-{REGION}-l".rsplit("-", 1)[0], Key="11")
    s3.get_object(Bucket="m-" + REGION.partition("::")[0] + REGION.partition("_")[2], Key="12")
