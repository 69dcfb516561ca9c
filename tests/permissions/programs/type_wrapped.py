import boto3
s3 = boto3.client("s3")
def go(event):
    s3.get_object(Bucket="b", Key=str(event["id"]).zfill(8) + ".json")
    s3.put_object(Bucket="b", Key="a".zfill(3) + "b".rjust(2, "-"))
