import json

import boto3

OPTIONS = json.loads('{"bypass": false, "only": true}')


def go(key):
    boto3.client("s3").delete_object(
        Bucket="b", Key=key, BypassGovernanceRetention=OPTIONS["bypass"]
    )
