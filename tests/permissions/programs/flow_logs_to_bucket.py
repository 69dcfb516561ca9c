import boto3


def watch(network):
    boto3.client("ec2").create_flow_logs(
        ResourceIds=[network],
        ResourceType="VPC",
        LogDestinationType="s3",
        LogDestination="arn:aws:s3:::flows/day/",
    )
