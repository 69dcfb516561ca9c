import boto3
s3 = boto3.client("s3")
def go(event):
    for bucket, keys in [("a", ["x", "z"]), ("c", ["y"])]:
        for key in keys:
            s3.get_object(Bucket=bucket, Key=key)
    for a, b in [("1", "2"), ("3", "4")]:
        for c, d in [("5", "6"), ("7", "8")]:
            s3.put_object(Bucket=a + c, Key=b + d)
