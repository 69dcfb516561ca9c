import boto3


def go(event):
    boto3.client("cloudformation").describe_stacks(StackName="net")
