import boto3
from chalice import Chalice

app = Chalice(app_name="program")
head = lambda key: boto3.client("s3").head_object(Bucket="b", Key=key)
@app.lambda_function()
def handler(event, context):
    return head(event["key"])
