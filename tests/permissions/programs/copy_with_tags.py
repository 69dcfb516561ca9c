import boto3
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    s3 = boto3.client("s3")
    s3.copy_object(CopySource="a/k", Bucket="b", Key="k", TaggingDirective="COPY")
    s3.copy_object(
        CopySource={"Bucket": "a", "Key": "old", "VersionId": event["version"]},
        Bucket="b",
        Key="old",
        TaggingDirective="REPLACE",
        Tagging="kept=yes",
    )
    boto3.resource("s3").Object("c", "k").copy(
        {"Bucket": "a", "Key": "other"}, ExtraArgs={"TaggingDirective": "COPY"}
    )
