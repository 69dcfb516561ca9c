import boto3
from chalice import Chalice

app = Chalice(app_name="program")
s3 = boto3.client("s3")
@app.lambda_function()
def handler(event, context):
    wanted = {"Bucket": "c", "Key": "k", "VersionId": event.get("version")}
    s3.head_object(**{key: value for key, value in wanted.items() if value})
