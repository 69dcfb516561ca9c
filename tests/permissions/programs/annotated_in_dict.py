from mypy_boto3_s3 import S3Client


def go(x: dict[str, S3Client]):
    x["a"].get_object(Bucket="b", Key="k")
