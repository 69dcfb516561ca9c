import boto3
from botocore.credentials import RefreshableCredentials, create_assume_role_refresher
sts = boto3.client("sts")
refresh = create_assume_role_refresher(sts, {"RoleArn": "arn:aws:iam::123456789012:role/r", "RoleSessionName": "s"})
credentials = RefreshableCredentials.create_from_metadata(metadata=refresh(), refresh_using=refresh, method="sts-assume-role")
