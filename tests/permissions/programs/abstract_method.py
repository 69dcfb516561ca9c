import boto3
from chalice import Chalice

app = Chalice(app_name="program")
class Base:
    def run(self):
        return self.load(boto3.client("s3"))
class Job(Base):
    def load(self, client):
        return client.get_object(Bucket="b", Key="k")
@app.lambda_function()
def handler(event, context):
    Job().run()
