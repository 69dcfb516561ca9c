import boto3
from chalice import Chalice

app = Chalice(app_name="program")
class Base:
    def __init__(self):
        self.s3 = boto3.client("s3")
class Files(Base):
    def __init__(self, bucket):
        super().__init__()
        self.bucket = bucket
    def put(self):
        self.s3.put_object(Bucket=self.bucket, Key="k")
@app.lambda_function()
def handler(event, context):
    Files("b").put()
