import boto3
class Handler:
    def __init__(self):
        self.s3 = boto3.client("s3")
    def __call__(self, event, context):
        return self.s3.get_object(Bucket="b", Key="k")
lambda_handler = Handler()
