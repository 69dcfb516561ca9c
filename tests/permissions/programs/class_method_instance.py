import boto3, os
class S3Client:
    _instance = None
    @classmethod
    def get_instance(cls):
        if cls._instance is None:
            cls._instance = boto3.client("s3", region_name=os.getenv("AWS_REGION"))
        return cls._instance
def go(event):
    S3Client.get_instance().put_object(Bucket="b", Key="k")
