import boto3
class Plugin:
    def run(self, s3): raise NotImplementedError
class Read(Plugin):
    def run(self, s3):
        s3.get_object(Bucket="b", Key="k")
def go(event):
    for plugin in Plugin.__subclasses__():
        plugin().run(boto3.client("s3"))
