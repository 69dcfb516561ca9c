import os, boto3
def env(name, default=None):
    return os.environ.get(name, default)
class Settings:
    table = env("TABLE")
    bucket = env("BUCKET", "none")
    def __getitem__(self, name):
        return getattr(self, name)
settings = Settings()
def go(event):
    boto3.resource("dynamodb").Table(settings["table"]).scan()
    boto3.client("s3").get_object(Bucket=settings.bucket, Key="k")
