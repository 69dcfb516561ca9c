import boto3
def go(event):
    first, *others, last = "a/b/c/d".split("/")
    boto3.client("s3").get_object(Bucket=first, Key="/".join(others) + "/" + last)
