from aws_lambda_powertools.utilities.parameters import SecretsProvider
class Config:
    def __init__(self):
        self.secrets = SecretsProvider()
    def key(self):
        return self.secrets.get("api")
def go(event):
    return Config().key()
