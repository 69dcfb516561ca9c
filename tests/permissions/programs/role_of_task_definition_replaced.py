import boto3

R = "arn:aws:iam::123456789012:role/"


def go(event):
    boto3.client("ecs").run_task(
        cluster="c", taskDefinition="web", overrides={"taskRoleArn": R + "task", "executionRoleArn": R + "pulls"}
    )
