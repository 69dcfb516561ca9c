import boto3


def drop():
    boto3.client("scheduler").delete_schedule_group(Name="nightly")
