import boto3


def go(event):
    boto3.client("iam").add_user_to_group(GroupName="g", UserName="u")
