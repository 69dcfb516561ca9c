import boto3


def keep():
    boto3.client("logs").put_account_policy(
        policyName="keep", policyType="SUBSCRIPTION_FILTER_POLICY", policyDocument="{}"
    )
