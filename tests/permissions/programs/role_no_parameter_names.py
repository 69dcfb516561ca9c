import boto3


def go(event):
    boto3.client("config").start_remediation_execution(ConfigRuleName="r", ResourceKeys=[])
