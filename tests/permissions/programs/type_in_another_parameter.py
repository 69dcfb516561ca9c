import boto3


def tag(event):
    zones = boto3.client("route53")
    zones.change_tags_for_resource(ResourceType="hostedzone", ResourceId="Z1")
    zones.list_tags_for_resources(ResourceType=event["type"], ResourceIds=["h1"])
    boto3.client("ssm").add_tags_to_resource(
        ResourceType="Parameter", ResourceId="/app/token", Tags=[]
    )
    boto3.client("ssm").list_tags_for_resource(ResourceType="PatchBaseline", ResourceId="pb-1")


def log():
    boto3.client("ec2").create_flow_logs(
        ResourceType="NetworkInterface", ResourceIds=["eni-1"], TrafficType="ALL"
    )
    # Only a session is of a type that AWS lists.
    boto3.client("glue").get_dashboard_url(ResourceType="JOB", ResourceId="jr_1")
