import boto3


def clean():
    boto3.client("ec2").delete_flow_logs(FlowLogIds=["fl-1"])
    boto3.client("workspaces").describe_client_properties(ResourceIds=["d-1"])
    boto3.client("ds").add_tags_to_resource(ResourceId="d-2", Tags=[])
    boto3.client("redshift").delete_cluster_subnet_group(ClusterSubnetGroupName="g")
    # What is said to be an id or an ARN is no other name.
    people = boto3.client("identitystore")
    people.create_group_membership(IdentityStoreId="d-123", GroupId="g1", MemberId={"UserId": "u1"})
    people.delete_group_membership(IdentityStoreId="d-123", MembershipId="m1")
