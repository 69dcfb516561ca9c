import boto3


def go(event):
    boto3.client("opensearch").describe_domain(DomainName="d")
