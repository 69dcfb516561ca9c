import boto3
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    s3 = event.get("s3") or boto3.client("s3")
    bucket = "prod" if event else "dev"
    s3.get_object(Bucket=bucket, Key="k")
