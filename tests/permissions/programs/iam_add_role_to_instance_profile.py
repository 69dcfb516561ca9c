import boto3


def go(event):
    boto3.client("iam").add_role_to_instance_profile(InstanceProfileName="p", RoleName="r")
