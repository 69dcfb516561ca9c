import boto3


def go(event):
    R = "arn:aws:iam::123456789012:role/p"
    boto3.client("cloudformation").create_stack(StackName="s", RoleARN=R)
