import boto3
s3 = boto3.client("s3")
def go(event):
    for index, name in enumerate(["a", "b"]):
        s3.put_object(Bucket="b", Key=f"{index:02d}/{name}")
    for a, b in zip(["x", "y"], ["1", "2"]):
        s3.get_object(Bucket=a, Key=b)
