import boto3


class A:
    s3 = boto3.client("s3")
    bucket = None

    def run(self):
        self.s3.get_object(Bucket=self.bucket, Key="k")


class B(A):
    bucket = "sub"


def go():
    B().run()
    A().run()
