import boto3
s3 = boto3.client("s3")
def go(parts, event):
    s3.get_object(Bucket="b", Key="x/%s/%s.txt" % parts)
    s3.put_object(Bucket="b", Key="%(y)s-%(m)s/in" % event)
