"""What is granted, and what is told, where a call's resource is only known when it runs."""

import pytest
from tests.permissions.asked import codes, granted

from chalice.permissions.granting.besides import unknown
from chalice.permissions.lists import lines

HERE = "${AWS::Region}:${AWS::AccountId}"
BEFORE = """import random
OFF = False
IMAGE = {'S3Object': {'Bucket': 'b', 'Name': 'n'}}
if random.random() > 0.5:
    IMAGE['S3Object']['Version'] = '1'
"""
ASSUMED = {"AutomationAssumeRole": ["arn:aws:iam::123456789012:role/r"]}
SECRETS = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:"
CLUSTER = "arn:aws:rds:eu-west-1:123456789012:cluster:c"
ACL = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/w/1"


@pytest.mark.parametrize(
    ("call", "action"),
    [
        ("'kms').decrypt(KeyId=x)", "kms:Decrypt"),
        ("'sts').assume_role(RoleArn=x)", "sts:AssumeRole"),
        ("'sqs').send_message(QueueUrl=x, MessageBody='b')", "sqs:SendMessage"),
        (
            "'secretsmanager').batch_get_secret_value(SecretIdList=x)",
            "secretsmanager:GetSecretValue",
        ),
    ],
)
def test_the_action_of_the_call_itself_is_granted_on_everything(call, action):
    found, problems = granted(call, before=BEFORE)

    assert found[action] == ["*"]
    assert problems == []


@pytest.mark.parametrize(
    ("call", "action"),
    [
        ("'lambda').create_function(FunctionName='f', Role=x)", "iam:PassRole"),
        ("'secretsmanager').create_secret(Name='s', KmsKeyId=x)", "kms:Decrypt"),
        ("'secretsmanager').create_secret(Name='s', KmsKeyId='alias/own')", "kms:Decrypt"),
        (
            "'ecr').create_pull_through_cache_rule(credentialArn=x)",
            "secretsmanager:GetSecretValue",
        ),
        (
            f"'ecr').create_pull_through_cache_rule(credentialArn='{SECRETS}' + x)",
            "secretsmanager:GetSecretValue",
        ),
        (
            f"'rds-data').execute_statement(resourceArn='{CLUSTER}', secretArn=x, sql='s')",
            "secretsmanager:GetSecretValue",
        ),
        (
            "'redshift-data').execute_statement(SecretArn=x, Sql='s')",
            "secretsmanager:GetSecretValue",
        ),
        (
            "'ssm').get_parameter(Name='/aws/reference/secretsmanager/' + x)",
            "secretsmanager:GetSecretValue",
        ),
        ("'events').update_connection(Name=x)", "secretsmanager:PutSecretValue"),
        (
            "'secretsmanager').rotate_secret(SecretId='s', RotationLambdaARN=x)",
            "lambda:InvokeFunction",
        ),
        ("'dynamodb').restore_table_from_backup(TargetTableName=x)", "dynamodb:DeleteItem"),
        ("'connect').create_instance(DirectoryId=x)", "ds:DeleteDirectory"),
        ("'bedrock-agent-runtime').retrieve_and_generate(**some)", "bedrock:InvokeModel"),
        (
            "'application-autoscaling').put_scaling_policy(ServiceNamespace='ecs', ResourceId=x)",
            "ecs:UpdateService",
        ),
        ("'rekognition').detect_labels(Image=x)", "s3:GetObject"),
        (
            "'rekognition').detect_labels(Image={'S3Object': {'Bucket': x, 'Name': 'n'}})",
            "s3:GetObject",
        ),
        (
            "'polly').start_speech_synthesis_task(OutputS3BucketName=x, Text='t')",
            "s3:PutObject",
        ),
        (
            "'transcribe').start_transcription_job(Media={'MediaFileUri': x})",
            "s3:GetObject",
        ),
        (
            f"'wafv2').associate_web_acl(WebACLArn='{ACL}', ResourceArn=x)",
            "cognito-idp:AssociateWebACL",
        ),
        ("'s3').put_object(Bucket='b', Key='k', SSEKMSKeyId=x)", "kms:GenerateDataKey"),
    ],
)
def test_what_is_needed_besides_is_told_and_not_granted(call, action):
    found, problems = granted(call, before=BEFORE)

    assert action not in found
    assert codes(problems) in (
        ["policy-rights-of-caller"],
        ["policy-role-passed"],
    )
    assert f"`{action}`" in problems[0].summary


@pytest.mark.parametrize(
    ("call", "action", "resource"),
    [
        (
            "'secretsmanager').create_secret(Name='s', KmsKeyId='abcd-' + x)",
            "kms:Decrypt",
            f"arn:${{AWS::Partition}}:kms:{HERE}:key/abcd-*",
        ),
        (
            "'redshift-data').execute_statement(SecretArn='name', Sql='s')",
            "secretsmanager:GetSecretValue",
            f"arn:${{AWS::Partition}}:secretsmanager:{HERE}:secret:name-??????",
        ),
        (
            "'dynamodb').restore_table_from_backup(TargetTableName='orders-' + x)",
            "dynamodb:DeleteItem",
            f"arn:${{AWS::Partition}}:dynamodb:{HERE}:table/orders-*",
        ),
        (
            "'rekognition').detect_labels(Image={'S3Object': {'Bucket': 'b', 'Name': x}})",
            "s3:GetObject",
            "arn:${AWS::Partition}:s3:::b/*",
        ),
    ],
)
def test_what_is_known_in_part_is_granted_as_far(call, action, resource):
    found, problems = granted(call, before=BEFORE)

    assert found[action] == [resource]
    assert problems == []


@pytest.mark.parametrize(
    ("call", "action"),
    [
        # It lists; it reads what is no data; it takes no resource.
        (
            "'lambda').update_function_configuration(FunctionName='f', VpcConfig={'SubnetIds': x})",
            "ec2:DescribeSubnets",
        ),
        ("'efs').create_mount_target(FileSystemId='f', SubnetId=x)", "ec2:DescribeSubnets"),
        (
            "'apigatewayv2').create_stage(ApiId='a', AccessLogSettings={'DestinationArn': x})",
            "logs:CreateLogDelivery",
        ),
    ],
)
def test_what_gives_little_away_is_granted_on_everything(call, action):
    found, _ = granted(call, before=BEFORE)

    assert found[action] == ["*"]


def test_no_action_that_gives_rights_or_shows_data_is_granted_on_everything():
    listed = {
        f"{prefix}:{name}" for prefix, names in lines("levels").items() for name in names.split()
    }

    assert len(listed) > 300
    assert not listed & {
        *("dynamodb:GetItem", "ecr:BatchGetImage", "eks:CreateAccessEntry", "iam:PassRole"),
        *("entityresolution:AddPolicyStatement", "lakeformation:PutDataLakeSettings"),
        *("kms:Decrypt", "lambda:InvokeFunction", "quicksight:PassDataSource", "s3:GetObject"),
        *("secretsmanager:GetSecretValue", "sns:Publish", "ssm:GetParameter", "ssm:SendCommand"),
    }
    # A key that is made has no name yet; aliases and grants are listed.
    of_keys = {"kms:CreateKey", "kms:ListAliases", "kms:ListGrants"}
    assert {name for name in listed if name.startswith(("kms:", "sts:Assume"))} == of_keys


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ("arn:aws:secretsmanager:eu-west-1:123456789012:secret:*-??????", False),
        ("arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!*", True),
        ("arn:aws:kms:eu-west-1:123456789012:key/*", False),
        ("arn:aws:sns:eu-west-1:123456789012:*", False),
        ("arn:aws:sns:*:*:orders", True),
        ("arn:aws:iam::123456789012:role/*", False),
        ("arn:aws:iam::123456789012:role/*/runs", True),
        ("arn:aws:s3:::*/key", False),
        ("*", False),
    ],
)
def test_an_arn_is_known_by_the_name_in_it(arn, expected):
    assert unknown.is_known(arn) is expected


@pytest.mark.parametrize("value", ["False", "OFF", "{'a': False}['a']"])
@pytest.mark.parametrize(
    ("call", "besides_of"),
    [
        ("'kms').create_key(MultiRegion=", "iam:CreateServiceLinkedRole"),
        (
            "'rds').create_db_instance(DBInstanceIdentifier='d', ManageMasterUserPassword=",
            "secretsmanager:CreateSecret",
        ),
        ("'s3').delete_object(Bucket='b', Key='k', BypassGovernanceRetention=", "s3:Bypass"),
    ],
)
def test_what_is_off_is_not_given(call, besides_of, value):
    off, _ = granted(f"{call}{value})", before=BEFORE)
    on, _ = granted(f"{call}True)", before=BEFORE)

    assert not any(action.startswith(besides_of) for action in off)
    assert any(action.startswith(besides_of) for action in on)


@pytest.mark.parametrize(
    ("call", "is_told"),
    [
        (
            "'ssm').start_automation_execution(DocumentName='d', Parameters={'InstanceId': ['i']})",
            True,
        ),
        (
            f"'ssm').start_automation_execution(DocumentName='d', Parameters={ASSUMED})",
            False,
        ),
        ("'cloudformation').create_stack(**some)", True),
        ("'cloudcontrol').create_resource(**some)", True),
    ],
)
def test_what_a_service_does_with_the_rights_of_the_caller_is_told_without_a_role(call, is_told):
    _, problems = granted(call, before=BEFORE)

    told = [problem for problem in problems if "with the rights of the role" in problem.summary]
    assert bool(told) is is_told


@pytest.mark.parametrize(
    ("image", "actions"),
    [
        ("{'S3Object': {'Bucket': 'b', 'Name': 'n', 'Version': '1'}}", {"s3:GetObjectVersion"}),
        ("IMAGE", {"s3:GetObject", "s3:GetObjectVersion"}),
    ],
)
def test_a_version_that_may_be_named_leaves_the_right_to_the_object(image, actions):
    found, _ = granted(f"'rekognition').detect_labels(Image={image})", before=BEFORE)

    assert {action for action in found if action.startswith("s3:")} == actions


def test_an_object_behind_an_access_point_is_below_it():
    point = "arn:aws:s3:eu-west-1:123456789012:accesspoint/ap"
    image = {"S3Object": {"Bucket": point, "Name": "k"}}
    found, _ = granted(f"'rekognition').detect_labels(Image={image})", before=BEFORE)

    assert found["s3:GetObject"] == [f"{point}/object/k"]
