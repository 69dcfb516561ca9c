"""What a call is about, where it names something else with it."""

import pytest
from tests.permissions.asked import load

from chalice.permissions import policy_of, read, shown
from chalice.permissions.reading.services import Services

# ruff: noqa: ISC004 - a call that takes two lines is one text.
SERVICES = Services(load)
START = "arn:${AWS::Partition}"
HERE = "${AWS::Region}:${AWS::AccountId}"
THERE = "eu-west-1:123456789012"


def resources_of(call, action):
    """Return what *action* is granted on for a call, without the place where that is the app's."""
    policy = policy_of(
        read({"app.py": f"import boto3\nboto3.client({call}\n".encode()}, {}, SERVICES)
    )
    found = {
        shown(need.resource)
        for statement in policy.statements
        for need in statement.needs
        if need.action == action
    }
    start = f"{START}:{action.partition(':')[0]}:{HERE}:"
    return {item.removeprefix(start) for item in found}


@pytest.mark.parametrize(
    ("call", "action", "expected"),
    [
        (
            "'lambda').update_event_source_mapping(UUID='u-1', FunctionName='f')",
            "lambda:UpdateEventSourceMapping",
            {"event-source-mapping:u-1"},
        ),
        (
            "'athena').get_database(CatalogName='c', DatabaseName='d', WorkGroup='w')",
            "athena:GetDatabase",
            {"datacatalog/c"},
        ),
        (
            "'sesv2').create_email_identity(EmailIdentity='e.com', ConfigurationSetName='c')",
            "ses:CreateEmailIdentity",
            {"identity/e.com"},
        ),
        (
            "'cloudwatch').list_alarm_mute_rules(AlarmName='a')",
            "cloudwatch:ListAlarmMuteRules",
            {"alarm-mute-rule:*"},
        ),
        ("'codepipeline').delete_webhook(name='h')", "codepipeline:DeleteWebhook", {"webhook:h"}),
        (
            "'iot-data').send_direct_message(clientId='d', topic='t')",
            "iot:SendDirectMessage",
            {"client/d"},
        ),
        (
            "'quicksight').update_data_set(AwsAccountId='1', DataSetId='d', "
            "RowLevelPermissionDataSet={"
            f"'Arn': 'arn:aws:quicksight:{THERE}:dataset/rules'}})",
            "quicksight:UpdateDataSet",
            {"dataset/d", f"arn:aws:quicksight:{THERE}:dataset/rules"},
        ),
        (
            "'sagemaker').create_cluster(ClusterName='c', Orchestrator={'Eks': {"
            f"'ClusterArn': 'arn:aws:eks:{THERE}:cluster/e'}}}})",
            "sagemaker:CreateCluster",
            {"cluster/*"},
        ),
        (
            "'lookoutequipment').update_model(ModelName='m', RoleArn='arn:aws:iam::1:role/r')",
            "lookoutequipment:UpdateModel",
            {"model/m/*"},
        ),
        (
            f"'kinesis').stop_stream_encryption(StreamName='s', KeyId='arn:aws:kms:{THERE}:key/k')",
            "kinesis:StopStreamEncryption",
            {"stream/s", f"arn:aws:kms:{THERE}:key/k"},
        ),
    ],
)
def test_what_an_action_is_always_about_is_granted_whatever_else_is_named(call, action, expected):
    assert resources_of(call, action) == expected


@pytest.mark.parametrize(
    ("call", "action", "expected"),
    [
        (
            f"'s3tables').get_table(tableBucketARN='arn:aws:s3tables:{THERE}:bucket/b', name='t')",
            "s3tables:GetTable",
            {f"arn:aws:s3tables:{THERE}:bucket/b/table/*"},
        ),
        (
            f"'kafka').create_topic(ClusterArn='arn:aws:kafka:{THERE}:cluster/c/u', TopicName='t')",
            "kafka:CreateTopic",
            {f"arn:aws:kafka:{THERE}:topic/c/*/t"},
        ),
        (
            f"'codebuild').describe_test_cases(reportArn='arn:aws:codebuild:{THERE}:report/g:1')",
            "codebuild:DescribeTestCases",
            {f"arn:aws:codebuild:{THERE}:report-group/g"},
        ),
    ],
)
def test_what_is_in_something_named_is_granted_there_and_nowhere_else(call, action, expected):
    assert resources_of(call, action) == expected


@pytest.mark.parametrize(
    ("call", "action", "expected"),
    [
        (
            "'redshift').restore_from_cluster_snapshot("
            "ClusterIdentifier='n', SnapshotIdentifier='s')",
            "redshift:RestoreFromClusterSnapshot",
            {"cluster:n", "snapshot:*/s"},
        ),
        (
            "'glue').update_data_quality_ruleset(Name='n', Ruleset='Rules = [ ]')",
            "glue:UpdateDataQualityRuleset",
            {"dataQualityRuleset/n"},
        ),
        (
            "'ecs').describe_gateway(gateway='g')",
            "ecs:DescribeGateway",
            {"gateway/g/*", "gateway/*/g"},
        ),
        ("'kms').delete_alias(AliasName='alias/n')", "kms:DeleteAlias", {"alias/n", "key/*"}),
        (
            "'ecs').register_task_definition(family='f')",
            "ecs:RegisterTaskDefinition",
            {"task-definition/f:*"},
        ),
    ],
)
def test_a_name_stands_where_it_is_that_part_of_the_arn(call, action, expected):
    assert resources_of(call, action) == expected


@pytest.mark.parametrize(
    ("call", "action", "expected"),
    [
        (
            "'lambda').get_layer_version(LayerName='l', VersionNumber=3)",
            "lambda:GetLayerVersion",
            {"layer:l:*"},
        ),
        (
            "'lambda').get_provisioned_concurrency_config(FunctionName='f', Qualifier='q')",
            "lambda:GetProvisionedConcurrencyConfig",
            {"function:f:q"},
        ),
        (
            "'stepfunctions').create_state_machine_alias(name='a', routingConfiguration=["
            f"{{'stateMachineVersionArn': 'arn:aws:states:{THERE}:stateMachine:m:1'}}])",
            "states:CreateStateMachineAlias",
            {f"arn:aws:states:{THERE}:stateMachine:m"},
        ),
        (
            "'kms').update_alias(AliasName='alias/n', TargetKeyId='k')",
            "kms:UpdateAlias",
            {"alias/n", "key/k", "key/*"},
        ),
        (
            f"'logs').create_log_anomaly_detector(logGroupArnList=['arn:aws:logs:{THERE}:log-group:g'])",
            "logs:CreateLogAnomalyDetector",
            {f"arn:aws:logs:{THERE}:log-group:g:*"},
        ),
        (
            "'ec2').copy_image(SourceImageId='ami-1', SourceRegion='us-east-1', Name='n')",
            "ec2:CopyImage",
            {
                f"{START}:ec2:${{AWS::Region}}::image/*",
                f"{START}:ec2:${{AWS::Region}}::snapshot/*",
                f"{START}:ec2:us-east-1::image/ami-1",
            },
        ),
        (
            "'bedrock-runtime').converse(modelId="
            f"'arn:aws:bedrock:{THERE}:inference-profile/us.amazon.nova-lite-v1:0')",
            "bedrock:InvokeModel",
            {
                f"arn:aws:bedrock:{THERE}:inference-profile/us.amazon.nova-lite-v1:0",
                f"{START}:bedrock:*::foundation-model/amazon.nova-lite-v1:0",
            },
        ),
        (
            "'bedrock-runtime').converse(modelId="
            f"'arn:aws:bedrock:{THERE}:application-inference-profile/a')",
            "bedrock:InvokeModel",
            {
                f"arn:aws:bedrock:{THERE}:application-inference-profile/a",
                f"{START}:bedrock:*::foundation-model/*",
            },
        ),
    ],
)
def test_a_version_a_copy_and_a_profile_are_on_what_they_are_of(call, action, expected):
    assert resources_of(call, action) == expected


@pytest.mark.parametrize(
    ("call", "action", "expected"),
    [
        ("get_parameter(Name='/aws/service/x/y')", "GetParameter", {":parameter/aws/service/x/y"}),
        ("get_parameter(Name='/aws/mine')", "GetParameter", {"parameter/aws/mine"}),
        (
            "get_parameters_by_path(Path='/aws/service/x')",
            "GetParametersByPath",
            {":parameter/aws/service/x", ":parameter/aws/service/x/*"},
        ),
        ("get_document(Name='AWS-Run')", "GetDocument", {":document/AWS-Run"}),
        (
            "send_command(Targets=[{'Key': 'tag:e', 'Values': ['p']}], DocumentName='mine')",
            "SendCommand",
            {"document/mine", "instance/*", "managed-instance/*"},
        ),
        (
            "send_command(InstanceIds=[input()], DocumentName='AWS-RunShellScript')",
            "SendCommand",
            {":document/AWS-RunShellScript", "instance/*", "managed-instance/*"},
        ),
        (
            "start_session(Target='i-1', DocumentName='d')",
            "StartSession",
            {"document/d", "instance/i-1", "managed-instance/i-1"},
        ),
        (
            "start_automation_execution(DocumentName='AWS-RestartEC2Instance')",
            "StartAutomationExecution",
            {
                ":document/AWS-RestartEC2Instance",
                ":automation-definition/AWS-RestartEC2Instance:*",
                "automation-execution/*",
            },
        ),
    ],
)
def test_what_aws_owns_in_systems_manager_is_in_no_account(call, action, expected):
    found = resources_of(f"'ssm').{call}", f"ssm:{action}")

    region = f"{START}:ssm:${{AWS::Region}}:"
    ec2 = f"{START}:ec2:{HERE}:"
    assert {item.removeprefix(region).removeprefix(ec2) for item in found} == expected


@pytest.mark.parametrize(
    ("call", "action", "expected"),
    [
        (
            "'apigatewayv2').get_tags(ResourceArn='arn:aws:apigateway:eu-west-1::/apis/a')",
            "apigateway:GET",
            "/tags/arn%3Aaws%3Aapigateway%3Aeu-west-1%3A%3A%2Fapis%2Fa",
        ),
        ("'apigatewayv2').get_portal(PortalId='p')", "apigateway:GET", "/portals/p"),
        ("'apigatewayv2').get_portal(PortalId='p')", "apigateway:GetPortal", "/portals/p"),
        (
            "'apigatewayv2').create_portal(PortalContent={})",
            "apigateway:CreatePortal",
            "/portals/*",
        ),
        (
            "'apigatewayv2').create_routing_rule(DomainName='d', Priority=1)",
            "apigateway:CreateRoutingRule",
            "/domainnames/d/routingrules/*",
        ),
    ],
)
def test_paths_and_types_of_api_gateway_are_told_apart(call, action, expected):
    (found,) = resources_of(call, action)

    assert found.rpartition("${AWS::Region}::")[2] == expected


def test_what_is_called_as_the_type_is_one_whatever_its_arn_looks_like():
    snapshot = "arn:aws:ec2:eu-west-1::snapshot/snap-1"

    found = resources_of(
        f"'backup').delete_recovery_point(BackupVaultName='v', RecoveryPointArn='{snapshot}')",
        "backup:DeleteRecoveryPoint",
    )

    assert found == {snapshot}


def test_a_snapshot_of_what_is_deleted_is_asked_on_both():
    call = "'rds').delete_db_instance(DBInstanceIdentifier='d', FinalDBSnapshotIdentifier='last')"

    assert resources_of(call, "rds:CreateDBSnapshot") == {"db:d", "snapshot:last"}


def test_a_role_of_a_service_is_granted_where_that_service_has_its_roles():
    call = "'iam').create_service_linked_role(AWSServiceName='es.amazonaws.com')"

    (found,) = resources_of(call, "iam:CreateServiceLinkedRole")

    assert found.endswith(":role/aws-service-role/es.amazonaws.com/*")
