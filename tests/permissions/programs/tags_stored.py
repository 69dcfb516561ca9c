import boto3
from chalice import Chalice

app = Chalice(app_name="program")
TAGS = [{"Key": "team", "Value": "a"}]


@app.lambda_function()
def handler(event, context):
    files = boto3.client("s3")
    files.create_bucket(Bucket="tagged", CreateBucketConfiguration={"Tags": TAGS})
    files.create_bucket(
        Bucket="plain", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    files.create_bucket(Bucket="a--use1-az4--x-s3", CreateBucketConfiguration={"Tags": TAGS})
    boto3.client("ecr").create_repository(repositoryName="r", tags=TAGS)
    boto3.client("kms").create_key(Tags=[{"TagKey": "team", "TagValue": "a"}])
    boto3.client("athena").create_work_group(Name="w", Tags=TAGS)
