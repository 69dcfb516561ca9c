import boto3


def go(event):
    role = boto3.client("iam").get_role(RoleName="runs")["Role"]["Arn"]
    boto3.client("scheduler").create_schedule(
        Name="n", ScheduleExpression="rate(1 hour)", Target={"Arn": "x", "RoleArn": role}, FlexibleTimeWindow={}
    )
