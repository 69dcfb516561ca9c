import boto3
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    boto3.resource("s3").Bucket("emptied").object_versions.filter(Prefix="a/").delete()
    boto3.client("s3").delete_objects(
        Bucket="b", Delete={"Objects": [{"Key": "a"}, {"Key": "old", "VersionId": event["id"]}]}
    )
