import boto3
from chalice import Chalice

app = Chalice(app_name="program")
def walk(client, key, depth):
    client.get_object(Bucket="b", Key=key)
    if depth:
        walk(client, key + "/x", depth - 1)
@app.lambda_function()
def handler(event, context):
    walk(boto3.client("s3"), "k", 5)
