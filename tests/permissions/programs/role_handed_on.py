import os
import boto3
from chalice import Chalice

app = Chalice(app_name="program")
ROLE = "arn:aws:iam::123456789012:role/runs"
def targets(name):
    return [{"Id": name, "Arn": f"arn:aws:sqs:us-east-1:123456789012:{name}", "RoleArn": ROLE}]
@app.lambda_function()
def handler(event, context):
    boto3.client("events").put_targets(Rule="nightly", Targets=targets("jobs"))
    boto3.client("ecs").run_task(
        taskDefinition="task",
        overrides={"taskRoleArn": f"arn:aws:iam::{os.environ['ACCOUNT']}:role/task"},
    )
    schedules = boto3.client("scheduler")
    schedules.create_schedule(Name="once", Target=event["target"], ScheduleExpression="at(x)")
    boto3.client("stepfunctions").create_state_machine(name="m", definition="{}", roleArn=ROLE)
