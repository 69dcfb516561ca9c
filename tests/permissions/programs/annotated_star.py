from mypy_boto3_s3 import S3Client


def go(*cs: S3Client):
    cs[0].get_object(Bucket="b", Key="k")
