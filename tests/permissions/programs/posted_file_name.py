import boto3
s3 = boto3.client("s3")
def go(event):
    s3.generate_presigned_post("data", "up/${filename}")
    s3.get_object(Bucket="b", Key="a${b}c")
