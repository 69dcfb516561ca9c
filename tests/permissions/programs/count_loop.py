import boto3
s3 = boto3.client("s3")
def go(event):
    n = 0
    part = 1
    while event:
        s3.put_object(Bucket="b", Key="part-%03d" % n)
        s3.get_object(Bucket="b", Key=f"{part}.txt")
        n += 1
        part = part + 1
