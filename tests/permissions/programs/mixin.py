import boto3
class S3Mixin:
    @property
    def s3(self):
        if not hasattr(self, "_s3"):
            self._s3 = boto3.client("s3")
        return self._s3
class Job(S3Mixin):
    bucket = "b"
    def go(self):
        self.s3.get_object(Bucket=self.bucket, Key="k")
def handler(event, context):
    Job().go()
