import boto3

R = "arn:aws:iam::123456789012:role/"


def go(event):
    logs = boto3.client("logs")
    logs.put_account_policy(
        policyName="p",
        policyType="SUBSCRIPTION_FILTER_POLICY",
        policyDocument='{"DestinationArn": "arn:aws:firehose:us-east-1:123456789012:deliverystream/s", "RoleArn": "' + R + 'delivers"}',
    )
    logs.put_account_policy(policyName="q", policyType="DATA_PROTECTION_POLICY", policyDocument=event["policy"])
    boto3.client("servicecatalog").create_constraint(
        PortfolioId="port-1", ProductId="prod-1", Type="LAUNCH", Parameters='{"LocalRoleName": "launches"}'
    )
