import boto3
import os


def go(event):
    boto3.client("lambda").create_function(FunctionName="f", Role=event["role"], Code={})
    boto3.client("events").put_targets(Rule="r", Targets=event["targets"])
    boto3.client("stepfunctions").create_state_machine(name="m", definition="{}", roleArn=f"arn:aws:iam::{event['account']}:role/{event['role']}")
    boto3.client("scheduler").create_schedule(**event)
