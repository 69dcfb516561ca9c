from mypy_boto3_s3 import S3ServiceResource
from mypy_boto3_s3.service_resource import Bucket
from mypy_boto3_dynamodb import DynamoDBServiceResource


def a(r: S3ServiceResource, d: DynamoDBServiceResource, b: Bucket):
    r.Bucket("bb").objects.delete()
    d.Table("t").scan()
    b.put_object(Key="z")
