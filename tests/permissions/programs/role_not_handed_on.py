import boto3
R = "arn:aws:iam::123456789012:role/r"


def go(event):
    boto3.client("iam").get_role(RoleName="r")
    boto3.client("iot").list_audit_suppressions(resourceIdentifier={"iamRoleArn": R})
    boto3.client("budgets").delete_budget(AccountId="123456789012", BudgetName="b")
    boto3.client("bedrock-runtime").converse(modelId="m", messages=[{"role": "user", "content": [{"text": "x"}]}])
    boto3.client("redshift").modify_cluster_iam_roles(ClusterIdentifier="c", RemoveIamRoles=[R])
    boto3.client("events").put_targets(Rule="r", Targets=[{"Id": "a", "Arn": "arn:aws:sqs:us-east-1:123456789012:a"}])
