import boto3
from typing import NamedTuple
from chalice import Chalice

app = Chalice(app_name="program")
class Deps(NamedTuple):
    kms: object
    key: str
@app.lambda_function()
def handler(event, context):
    deps = Deps(boto3.client("kms"), "1234")
    deps.kms.decrypt(CiphertextBlob=b"", KeyId=deps.key)
