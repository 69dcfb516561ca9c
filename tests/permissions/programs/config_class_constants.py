import boto3
class Config:
    BUCKET = "b"
    PREFIX = "in"
    @staticmethod
    def key(name):
        return Config.PREFIX + "/" + name
class Dev(Config):
    BUCKET = "dev-b"
config = {"dev": Dev, "prod": Config}["dev"]
def go(event):
    boto3.client("s3").get_object(Bucket=config.BUCKET, Key=config.key("x"))
