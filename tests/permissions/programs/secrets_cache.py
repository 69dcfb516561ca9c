from aws_secretsmanager_caching import SecretCache, SecretCacheConfig
import botocore.session
client = botocore.session.get_session().create_client("secretsmanager")
cache = SecretCache(config=SecretCacheConfig(), client=client)
def go(event):
    cache.get_secret_string("api")
