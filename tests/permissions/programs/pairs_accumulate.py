import boto3
s3 = boto3.client("s3")
def go(event):
    prefix = "p"
    for name, key in [("a", "x"), ("c", "y")]:
        s3.get_object(Bucket="b", Key=prefix + "/" + key)
        prefix = name
