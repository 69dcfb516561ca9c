import boto3
from chalice import Chalice

app = Chalice(app_name="program")
TAGS = [{"Key": "team", "Value": "a"}]
ec2 = boto3.resource("ec2")
containers = boto3.client("ecs")


def tags_of(kind):
    return {"ResourceType": kind, "Tags": TAGS}


@app.lambda_function()
def handler(event, context):
    ec2.create_instances(
        ImageId="ami-1",
        MinCount=1,
        MaxCount=1,
        TagSpecifications=[tags_of("instance"), tags_of("volume")],
    )
    boto3.client("ec2").create_snapshot(
        VolumeId="vol-1", TagSpecifications=[{"ResourceType": "snapshot", "Tags": TAGS}]
    )
    containers.run_task(cluster="c", taskDefinition="t:1", tags=TAGS)
    containers.start_task(
        cluster="c", taskDefinition="t:1", containerInstances=["i"], propagateTags="TASK_DEFINITION"
    )
    boto3.client("batch").submit_job(jobName="j", jobQueue="q", jobDefinition="d:1", tags={"a": "b"})
    boto3.client("elbv2").create_target_group(Name="web", Tags=TAGS)
