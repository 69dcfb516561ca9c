import boto3
def put(client, bucket, key="x"):
    client.put_object(Bucket=bucket, Key=key)
def handler(event, context):
    s3 = boto3.client("s3")
    put(s3, "a")
    put(client=s3, bucket="b", key="y")
