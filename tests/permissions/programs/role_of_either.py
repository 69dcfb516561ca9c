import boto3

R = "arn:aws:iam::123456789012:role/"


def go(event):
    role = R + "small" if event["small"] else R + "large"
    states = boto3.client("stepfunctions")
    states.create_state_machine(name="m", definition="{}", roleArn=role)
    states.update_state_machine(
        stateMachineArn="arn:aws:states:us-east-1:123456789012:stateMachine:m", roleArn=event.get("role") or R + "other"
    )
