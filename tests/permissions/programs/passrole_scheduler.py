import boto3


def go(event):
    boto3.client("scheduler").create_schedule(Name="n", ScheduleExpression="rate(1 hour)", Target={"Arn": "x", "RoleArn": "arn:aws:iam::123456789012:role/p"}, FlexibleTimeWindow={})
