import boto3
class Config:
    def __init__(self, prefix, ssm=None):
        self.prefix = prefix.rstrip("/")
        self.ssm = ssm or boto3.client("ssm")
    def __getattr__(self, name):
        return self.ssm.get_parameter(Name=f"{self.prefix}/{name}", WithDecryption=True)["Parameter"]["Value"]
config = Config("/app/")
def go(event):
    return config.token
