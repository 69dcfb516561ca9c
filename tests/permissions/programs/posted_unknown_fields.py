import boto3
s3 = boto3.client("s3")
def go(event):
    s3.generate_presigned_post("b", "k", Fields=event["fields"])
    s3.put_object(Bucket="c", Key="k", **event["more"])
