import boto3


def go(event):
    boto3.client("ec2").run_instances(ImageId="ami-1", Placement=event["placement"])
