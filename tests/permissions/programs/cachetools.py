import boto3
from cachetools import TTLCache, cached
@cached(TTLCache(1, 60))
def secret(name):
    return boto3.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"]
class Db:
    @property
    def password(self):
        return secret("db")
def go(event):
    return Db().password
