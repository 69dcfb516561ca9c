import boto3
R = "arn:aws:iam::123456789012:role/"


def go(event):
    boto3.client("ssm").start_automation_execution(
        DocumentName="AWS-RestartEC2Instance", Parameters={"InstanceId": [event["id"]], "AutomationAssumeRole": [R + "restarts"]}
    )
