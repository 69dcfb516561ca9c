import boto3, re
s3 = boto3.client("s3")
def go(event):
    s3.get_object(Bucket=re.sub(r"[^a-z]", "-", "my_bucket"), Key="k")
    s3.put_object(Bucket="b", Key=re.sub("x", "y", event["k"]) + ".t")
