import boto3
R = "arn:aws:iam::123456789012:role/"


def targets():
    found = []
    for name in ("a", "b"):
        found.append({"Id": name, "Arn": f"arn:aws:sqs:us-east-1:123456789012:{name}", "RoleArn": R + name})
    return found


def go(event):
    boto3.client("events").put_targets(Rule="r", Targets=targets())
    boto3.client("cognito-identity").set_identity_pool_roles(
        IdentityPoolId="us-east-1:1", Roles={"authenticated": R + "users", "unauthenticated": R + "guests"}
    )
    boto3.client("redshift").create_cluster(
        ClusterIdentifier="c", NodeType="ra3.large", MasterUsername="m", IamRoles=[R + "loads", R + "unloads"]
    )
