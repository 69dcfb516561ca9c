from mypy_boto3_s3.client import S3Client


class W:
    s3: S3Client

    def work(self):
        self.s3.get_object(Bucket="b", Key="k")


W().work()
