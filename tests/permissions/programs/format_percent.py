import boto3
s3 = boto3.client("s3")
def go(n, name):
    s3.get_object(Bucket="b%05d" % 7, Key="k")
    s3.put_object(Bucket="b", Key="y/%d/%s/%x.json" % (n, "a", n))
    s3.delete_object(Bucket="b", Key="%(a)s/%(b)02d/x" % {"a": "top", "b": n})
    s3.get_object_tagging(Bucket="b", Key="100%%/%s" % name)
