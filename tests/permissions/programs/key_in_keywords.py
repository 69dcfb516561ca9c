import boto3

ENCRYPTED = {"SSESpecification": {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": "k1"}}


def make(name):
    boto3.client("dynamodb").create_table(TableName="t-" + name, **ENCRYPTED)
