from mypy_boto3_s3 import S3Client
def load(client: S3Client):
    return client.get_object(Bucket="b", Key="k")
