import boto3
from functools import cached_property
from chalice import Chalice

app = Chalice(app_name="program")
class Files:
    @cached_property
    def client(self):
        return boto3.client("s3")
@app.lambda_function()
def handler(event, context):
    return Files().client.get_object_tagging(Bucket="b", Key="k")
