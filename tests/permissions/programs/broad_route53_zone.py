import boto3


def go(event):
    boto3.client("route53").change_resource_record_sets(HostedZoneId="Z1", ChangeBatch={})
