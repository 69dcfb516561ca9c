import boto3
from chalice import Chalice

app = Chalice(app_name="program")
class Files:
    _client = None
    @property
    def client(self):
        if self._client is None:
            self._client = boto3.client("s3")
        return self._client
    def names(self):
        return self.client.list_objects_v2(Bucket="b")
@app.lambda_function()
def handler(event, context):
    return Files().names()
