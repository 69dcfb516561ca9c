import boto3


def go(event):
    boto3.client("ec2").run_instances(
        MinCount=1, MaxCount=1, LaunchTemplate={"LaunchTemplateId": "lt-1"}
    )
