import boto3
def go(event):
    ec2 = boto3.resource("ec2")
    for instance in ec2.instances.filter(Filters=[]):
        if instance.state["Name"] == "running":
            instance.stop()
