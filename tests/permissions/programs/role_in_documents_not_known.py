import json
import boto3


def go(event):
    boto3.client("logs").put_account_policy(
        policyName="p", policyType="SUBSCRIPTION_FILTER_POLICY", policyDocument=json.dumps(event["policy"])
    )
