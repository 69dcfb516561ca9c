import boto3
from chalice import Chalice

app = Chalice(app_name="program")
s3 = boto3.client("s3")
@app.lambda_function()
def handler(event, context):
    extra = {}
    if event.get("version"):
        extra["VersionId"] = event["version"]
    s3.get_object(Bucket="b", Key="k", **extra)
    s3.generate_presigned_url("get_object", {"Bucket": "d", "Key": "k", "VersionId": "1"})
