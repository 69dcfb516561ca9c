import boto3
from chalice import Chalice

app = Chalice(app_name="program")
bucket = boto3.resource("s3").Bucket("b")
@app.lambda_function()
def handler(event, context):
    return [item.get() for item in bucket.objects.filter(Prefix="x")]
