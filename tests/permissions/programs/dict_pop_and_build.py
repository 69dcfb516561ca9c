import boto3
s3 = boto3.client("s3")
def go(event):
    args = {"Bucket": "b", "Key": "k", "kind": "x"}
    kind = args.pop("kind")
    s3.get_object(**args)
    s3.put_object(Bucket="b", Key=kind)
