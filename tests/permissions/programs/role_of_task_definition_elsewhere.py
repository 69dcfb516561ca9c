import boto3
ecs = boto3.client("ecs")


def go(event):
    ecs.run_task(cluster="c", taskDefinition="web:3")
    ecs.update_service(cluster="c", service="s", desiredCount=2)
