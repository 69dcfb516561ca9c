import boto3


def go(event):
    boto3.client("emr").add_tags(ResourceId="j-1", Tags=[])
    boto3.client("organizations").attach_policy(PolicyId="p-1", TargetId="r-2")
    boto3.client("ec2").create_flow_logs(
        ResourceIds=["vpc-1"], ResourceType="VPC", TrafficType="ALL", LogGroupName="flows"
    )
