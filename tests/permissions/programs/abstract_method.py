import boto3
class Base:
    def run(self):
        return self.load(boto3.client("s3"))
class Job(Base):
    def load(self, client):
        return client.get_object(Bucket="b", Key="k")
def handler(event, context):
    Job().run()
