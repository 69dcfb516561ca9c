import boto3


def make():
    boto3.client("elasticbeanstalk").create_configuration_template(
        ApplicationName="shop",
        TemplateName="new",
        SourceConfiguration={"ApplicationName": "old", "TemplateName": "base"},
    )
    # The one that is made is in the cluster, whose ARN the call has.
    boto3.client("ecs").create_daemon(
        daemonName="agent",
        clusterArn="arn:aws:ecs:eu-west-1:123456789012:cluster/web",
        daemonTaskDefinitionArn="arn:aws:ecs:eu-west-1:123456789012:daemon-task-definition/f:1",
        capacityProviderArns=[],
    )
    # A cluster, which is of no other type that has the name of one in its ARN.
    boto3.client("memorydb").create_cluster(ClusterName="c", NodeType="n", ACLName="open")
    # The text of a certificate is not its id.
    boto3.client("transfer").import_certificate(
        Usage="SIGNING", Certificate="-----BEGIN CERTIFICATE-----", Tags=[{"Key": "a"}]
    )


def restore():
    boto3.client("dynamodb").restore_table_to_point_in_time(
        SourceTableArn="arn:aws:dynamodb:eu-west-1:123456789012:table/a", TargetTableName="b"
    )
