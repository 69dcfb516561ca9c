import boto3
from chalice import Chalice

app = Chalice(app_name="program")
def put(client, bucket, key="x"):
    client.put_object(Bucket=bucket, Key=key)
@app.lambda_function()
def handler(event, context):
    s3 = boto3.client("s3")
    put(s3, "a")
    put(client=s3, bucket="b", key="y")
