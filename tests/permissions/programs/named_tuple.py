import boto3
from typing import NamedTuple
class Deps(NamedTuple):
    kms: object
    key: str
def handler(event, context):
    deps = Deps(boto3.client("kms"), "1234")
    deps.kms.decrypt(CiphertextBlob=b"", KeyId=deps.key)
