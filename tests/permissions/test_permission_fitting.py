"""What a call is about, where it names something else with it."""

import pytest

from chalice.permissions import policy_of, read, shown
from chalice.permissions.reading.services import Services

SERVICES = Services()
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
            "'quicksight').update_data_set(AwsAccountId='1', DataSetId='d', RowLevelPermissionDataSet={"
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
            {f"arn:aws:kafka:{THERE}:topic/c/*/*"},
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
            "'redshift').restore_from_cluster_snapshot(ClusterIdentifier='n', SnapshotIdentifier='s')",
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
