"""AWS's own documents have no account in their ARNs; parameters of CloudWatch's agent have ours."""

import boto3

ssm = boto3.client("ssm")


def go(event):
    ssm.get_parameter(Name="AmazonCloudWatch-linux")
    ssm.get_parameters_by_path(Path="/aws/service/ami-amazon-linux-latest")
    ssm.put_parameter(Name="AmazonMQ-password", Value="x", Type="SecureString")
    ssm.start_automation_execution(DocumentName="AWSConfigRemediation-DeleteUnusedEBSVolume")
    ssm.send_command(DocumentName="AWSFleetManager-GetDiskInformation", InstanceIds=["i-1"])
    ssm.get_document(Name="Runbook")
    ssm.describe_document(Name=event["document"])
