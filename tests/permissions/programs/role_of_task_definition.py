import boto3
R = "arn:aws:iam::123456789012:role/"
ecs = boto3.client("ecs")


def register():
    ecs.register_task_definition(family="web", taskRoleArn=R + "task", executionRoleArn=R + "pulls", containerDefinitions=[])


def go(event):
    ecs.run_task(cluster="c", taskDefinition="web:3")
