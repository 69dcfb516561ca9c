"""What AWS's lists say that calls need besides: each row of the list, and what is not known."""

import re
from pathlib import Path

import pytest
from tests.permissions.asked import as_recorded, codes, granted, load

from chalice.permissions import read
from chalice.permissions.granting.besides.listed import rows
from chalice.permissions.granting.needs import needs
from chalice.permissions.lists import lines
from chalice.permissions.reading.services import Services, has_action, python_name
from chalice.permissions.reading.values import DEEPEST_VALUE

SERVICES = Services(load)
LISTED = list(lines("dependents"))

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd"
MEMBERS = Path(__file__).parent / "members.txt"
MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:s"
LAYER = "arn:aws:lambda:eu-west-1:123456789012:layer:l:1"
HERE = "${AWS::Region}:${AWS::AccountId}"


# --- the list itself ---------------------------------------------------------------------------


#: What is not on AWS's list yet. Sources: botocore's models, see `scripts.authorization.said`.
NEWER = frozenset(
    {
        "logs:PutMetricExtractionPolicy",
        "payments:GetConnectedAccount",
        "sagemaker:AccessModelPackageData",
        "secretsmanager:AcceptCrossAccountReplication",
    }
)


def each_path(row):
    """Return the paths of a row, one for each of members that are beside each other."""
    for path in (*row.paths, *(when.partition("=")[0] for when in row.when)):
        holder, dot, last = path.rpartition(".")
        yield from (f"{holder}{dot}{name}" for name in last.split("+") if name)


def test_each_action_is_on_the_list_of_aws():
    unknown = {
        action
        for service in LISTED
        for of in rows(service).values()
        for row in of
        for action in row.actions
        if not has_action(*action.split(":"))
    }

    assert unknown == NEWER


def given_for(found):
    """Return parameters in which everything is given that rows hang on."""
    made = {}
    for row in found:
        for path in each_path(row):
            made = with_value(made, path.split("."), value_for(row))
    return made


def with_value(made, path, value):
    """Return *made* with a value at a path, where there is none yet."""
    if not path:
        return made or value
    step, *rest = path
    name = "any" if step == "*" else step
    known = made if isinstance(made, dict) else {}
    return {**known, name: with_value(known.get(name), rest, value)}


def value_for(row):
    if row.kind == "" and row.actions[0].startswith("kms:"):
        return KEY
    if row.kind == ":":
        return "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/p"
    is_uri = row.kind == "" and not any("+" in known for known in row.paths)
    return "s3://bucket/key" if is_uri else "named"


def source_of(service, operations):
    """Return a program that calls each operation, a line each."""
    calls = [
        f"boto3.client({service!r}).{python_name(name)}(**{given!r})"
        for name, given in operations.items()
    ]
    return "\n".join(["import boto3", *calls])


@pytest.mark.parametrize("service", LISTED)
def test_each_row_of_the_list_is_granted_or_told_where_all_is_given(service):
    operations = {name: given_for(found) for name, found in rows(service).items()}
    reading = read({"app.py": source_of(service, operations).encode()}, {}, SERVICES)

    missed = []
    for use in reading.uses:
        wanted, problems = needs(use, reading.engine)
        said = " ".join(problem.summary for problem in problems)
        actions = {need.action.lower().replace("version", "") for need in wanted}
        missed += [
            (use.operation, action)
            for row in rows(service).get(use.operation, ())
            for action in row.actions
            # Of what an ARN of one service says nothing, the test of web ACLs does.
            if not {row.paths for row in rows(service)[use.operation] if row.kind[:1] == ":"}
            & {row.paths}
            # Nor of those that a value of a parameter makes necessary.
            and not any("=" in when for when in row.when)
            and action.lower().replace("version", "") not in actions
            and f"`{action}`" not in said
        ]

    assert len(reading.uses) == len(operations)
    assert missed == []


@pytest.mark.parametrize("service", LISTED)
def test_a_call_that_was_recorded_needs_what_it_needs_as_it_is_read(service):
    operations = {
        name: given_for(found)
        for name, found in rows(service).items()
        # What is nested deeper than that is not known as it is read.
        if all(len(path.split(".")) <= DEEPEST_VALUE for row in found for path in each_path(row))
    }
    reading = read({"app.py": source_of(service, operations).encode()}, {}, SERVICES)
    different = []

    for use in reading.uses:
        recorded = as_recorded(service, use.operation, operations[use.operation])
        asked, as_read = (
            {(need.action, need.resource) for need in needs(one, reading.engine)[0]}
            for one in (recorded, use)
        )
        of_list = {action for row in rows(service)[use.operation] for action in row.actions}
        different += [(use.operation, *need) for need in asked ^ as_read if need[0] in of_list]

    assert different == []


def test_what_members_name_by_the_way_they_are_called_is_a_list_to_be_read():
    """Written again by hand where the list changes: each pair is a member and what it names."""
    found = {
        f"{path.rpartition('.')[2]} {row.kind}"
        for service in LISTED
        for of in rows(service).values()
        for row in of
        for path in row.paths
        if "{}" in row.kind
    }

    assert sorted(found) == MEMBERS.read_text("utf-8").splitlines()


def test_the_list_has_so_much():
    found = [
        (service, name, row)
        for service in LISTED
        for name, of in rows(service).items()
        for row in of
    ]
    keys = {
        (service, name)
        for service, name, row in found
        if row.kind == "" and row.actions[0][:4] == "kms:"
    }

    assert len({(service, name) for service, name, _ in found}) > 1200
    assert len(keys) > 600


# --- keys --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("'1234abcd'", f"arn:${{AWS::Partition}}:kms:{HERE}:key/1234abcd"),
        (f"'{KEY}'", KEY),
        ("os.environ['KEY']", KEY),
        # AWS lets in who calls the service, or there is no key at all.
        ("'alias/aws/secretsmanager'", None),
        ("'arn:aws:kms:eu-west-1:123456789012:alias/aws/secretsmanager'", None),
        ("None", None),
        ("''", None),
    ],
)
def test_a_key_is_granted_where_it_is_known(name, expected):
    found, problems = granted(
        f"'secretsmanager').create_secret(Name='s', KmsKeyId={name})", {"KEY": KEY}
    )

    keys = {action: found.get(action) for action in ("kms:Decrypt", "kms:GenerateDataKey")}
    assert keys == dict.fromkeys(keys, [expected] if expected else None)
    assert problems == []


@pytest.mark.parametrize(
    "call",
    [
        "'secretsmanager').create_secret(Name='s', KmsKeyId='alias/own')",
        "'secretsmanager').create_secret(Name='s', KmsKeyId=anything)",
        "'secretsmanager').create_secret(**anything)",
        "'secretsmanager').create_secret(Name='s', AddReplicaRegions=[anything])",
        "'s3').upload_file('f', 'b', 'k', ExtraArgs={'SSEKMSKeyId': anything})",
    ],
)
def test_a_key_that_no_policy_can_name_is_told_and_not_granted(call):
    found, problems = granted(call)

    assert [action for action in found if action.startswith("kms:")] == []
    (problem,) = problems
    assert problem.code == "policy-rights-of-caller"
    assert "`kms:Decrypt`" in problem.summary
    assert "`kms:GenerateDataKey`" in problem.summary


def test_a_key_is_asked_for_in_the_region_of_the_client():
    call = "'dynamodb', region_name='eu-north-1').create_table(TableName='t', SSESpecification="
    found, _ = granted(f"{call}{{'Enabled': True, 'KMSMasterKeyId': 'k'}})")

    key = "arn:${AWS::Partition}:kms:eu-north-1:${AWS::AccountId}:key/k"
    assert found["kms:CreateGrant"] == [key]


@pytest.mark.parametrize(
    "call",
    [
        f"'comprehend').import_model(SourceModelArn='arn', ModelKmsKeyId='{KEY}')",
        f"'bedrock').create_model_copy_job(sourceModelArn='arn', modelKmsKeyId='{KEY}')",
    ],
)
def test_the_key_of_a_model_is_one(call):
    found, _ = granted(call)

    assert found["kms:Decrypt"] == [KEY]


def test_every_key_in_what_is_nested_is_found():
    replicas = "[{'Create': {'RegionName': 'r', 'KMSMasterKeyId': n}} for n in ('a', 'b')]"
    found, problems = granted(f"'dynamodb').update_table(TableName='t', ReplicaUpdates={replicas})")

    start = f"arn:${{AWS::Partition}}:kms:{HERE}:key/"
    assert (found["kms:Decrypt"], problems) == ([f"{start}a", f"{start}b"], [])


# --- objects -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("'https://templates.s3.amazonaws.com/a/b.yaml'", ["templates/a/b.yaml"]),
        ("'https://templates.s3.eu-west-1.amazonaws.com/b.yaml?versionId=1'", ["templates/b.yaml"]),
        ("'https://s3.eu-west-1.amazonaws.com/templates/b.yaml'", ["templates/b.yaml"]),
        ("'https://templates.s3.amazonaws.com/' + anything", ["templates/*"]),
        ("'https://example.org/b.yaml'", None),
    ],
)
def test_an_object_is_read_by_its_address(url, expected):
    found, _ = granted(f"'cloudformation').validate_template(TemplateURL={url})")

    assert found.get("s3:GetObject") == (
        [f"arn:${{AWS::Partition}}:s3:::{name}" for name in expected] if expected else None
    )


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (
            "'polly').start_speech_synthesis_task(OutputS3BucketName='b', OutputS3KeyPrefix='p/')",
            {"s3:PutObject": "b/p/*"},
        ),
        ("'polly').start_speech_synthesis_task(OutputS3BucketName='b')", {"s3:PutObject": "b/*"}),
        (
            "'appstream').create_application(IconS3Location={'S3Bucket': 'b', 'S3Key': 'k'})",
            {"s3:GetObject": "b/k"},
        ),
        (
            "'lambda').update_function_code(S3Bucket='b', S3Key='k', S3ObjectVersion='v')",
            {"s3:GetObjectVersion": "b/k"},
        ),
        (
            "'gameliftstreams').export_stream_session_files(OutputUri='s3://b/out/')",
            {"s3:PutObject": "b/out/*"},
        ),
        (
            "'dynamodb').import_table(S3BucketSource={'S3Bucket': 'b', 'S3KeyPrefix': 'in/'})",
            {"s3:GetObject": "b/in/*", "s3:ListBucket": "b"},
        ),
    ],
)
def test_what_a_call_names_in_s3_is_read_or_written(call, expected):
    found, _ = granted(call)

    of_s3 = {action: names for action, names in found.items() if action.startswith("s3:")}
    assert of_s3 == {
        action: [f"arn:${{AWS::Partition}}:s3:::{name}"] for action, name in expected.items()
    }


def test_what_may_be_in_s3_is_told_where_it_is_near_and_not_where_it_is_one_of_many_things():
    near = granted("'textract').analyze_document(Document=anything, FeatureTypes=[])")
    far = granted("'bedrock-runtime').converse(modelId='m', messages=anything)")

    assert codes(near[1]) == ["policy-rights-of-caller"]
    assert far[1] == []
    assert "s3:GetObject" not in {**near[0], **far[0]}


# --- what else ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "actions"),
    [
        ("'lambda').update_function_configuration(FunctionName='f', Timeout=3)", set()),
        (
            "'lambda').update_function_configuration(VpcConfig={'SubnetIds': ['subnet-1']})",
            {"ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs"},
        ),
        (
            f"'lambda').update_function_configuration(Layers=['{LAYER}'])",
            {"lambda:GetLayerVersion"},
        ),
        ("'rds').delete_db_instance(DBInstanceIdentifier='i', SkipFinalSnapshot=True)", set()),
        (
            "'rds').delete_db_instance(DBInstanceIdentifier='i', FinalDBSnapshotIdentifier='s')",
            {"rds:CreateDBSnapshot"},
        ),
        ("'rds').modify_db_instance(ManageMasterUserPassword=False)", set()),
        ("'cloudformation').describe_stacks(StackName='s')", set()),
        ("'cloudformation').describe_stacks()", {"cloudformation:ListStacks"}),
        ("'ec2').run_instances(ImageId='resolve:ssm:/ami:3')", {"ssm:GetParameters"}),
        ("'ec2').run_instances(ImageId='ami-1')", set()),
        (
            f"'stepfunctions').update_state_machine(stateMachineArn='{MACHINE}', publish=True)",
            {"states:PublishStateMachineVersion"},
        ),
    ],
)
def test_what_hangs_on_a_parameter_is_asked_where_it_is_given(call, actions):
    found, problems = granted(call)

    operation = call.partition(").")[2].partition("(")[0].replace("_", "")
    assert {name for name in found if name.partition(":")[2].lower() != operation} == actions
    assert problems == []


def test_what_an_arn_is_of_decides_what_is_asked_and_is_told_where_it_is_not_known():
    acl = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/w/1"
    pool = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/p"
    call = f"'wafv2').associate_web_acl(WebACLArn='{acl}', ResourceArn="
    known, problems = granted(f"{call}'{pool}')")
    others, told = granted(f"{call}anything)")

    assert known["cognito-idp:AssociateWebACL"] == [pool]
    assert (set(known) - {"cognito-idp:AssociateWebACL"}, problems) == (
        {"wafv2:AssociateWebACL"},
        [],
    )
    assert set(others) == {"wafv2:AssociateWebACL"}
    assert "`elasticloadbalancing:SetWebAcl`" in told[0].summary


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("'RETENTION_POLICY'", {"logs:PutRetentionPolicy"}),
        ("'FIELD_' + anything", None),
        ("anything", None),
    ],
)
def test_a_policy_of_all_log_groups_needs_what_its_kind_does(kind, expected):
    found, _ = granted(f"'logs').put_account_policy(policyName='p', policyType={kind})")

    asked = set(found) - {"logs:PutAccountPolicy"}
    assert asked == expected if expected else len(asked) == 6


def test_scaling_needs_what_is_scaled_and_its_alarms():
    target = "ServiceNamespace='ecs', ResourceId='service/c/web', ScalableDimension='d'"
    found, problems = granted(
        f"'application-autoscaling').put_scaling_policy(PolicyName='p', {target})"
    )
    stepped, _ = granted(
        "'application-autoscaling').put_scaling_policy(PolicyName='p', PolicyType='StepScaling',"
        f" {target})"
    )

    service = f"arn:${{AWS::Partition}}:ecs:{HERE}:service/c/web"
    alarms = f"arn:${{AWS::Partition}}:cloudwatch:{HERE}:alarm:TargetTracking-service/c/web-*"
    assert (found["ecs:UpdateService"], found["cloudwatch:PutMetricAlarm"]) == ([service], [alarms])
    assert "cloudwatch:PutMetricAlarm" not in stepped
    assert problems == []


def test_what_gives_rights_to_others_is_told_where_the_call_does_not_name_it():
    found, problems = granted("'connect').associate_lex_bot(InstanceId='i', LexBot={'Name': 'b'})")

    # The role that Connect makes for itself has a path of its own.
    iam = {action for action in found if action.startswith("iam:")}
    assert iam == {"iam:CreateServiceLinkedRole"}
    assert all("role/aws-service-role/*" in on for on in found["iam:CreateServiceLinkedRole"])
    assert codes(problems) == ["policy-rights-of-caller"]
    assert "`iam:AttachRolePolicy`, `iam:PutRolePolicy`" in problems[0].summary


@pytest.mark.parametrize(
    "call",
    [
        "'cloudformation').create_stack(StackName='s')",
        "'cloudcontrol').create_resource(TypeName='AWS::S3::Bucket')",
        "'ssm').start_automation_execution(DocumentName='d')",
    ],
)
def test_what_is_done_with_the_rights_of_the_role_is_told(call):
    _, problems = granted(call)

    assert codes(problems) == ["policy-rights-of-caller"]


def test_a_role_that_is_handed_on_does_it_instead():
    _, problems = granted(
        "'cloudformation').create_stack(StackName='s', RoleARN='arn:aws:iam::123456789012:role/r')"
    )

    assert problems == []


def test_no_other_list_is_written_again():
    """Roles and tags are lists of their own, but for what is asked without a list of tags."""
    actions = {
        (service, action)
        for service in LISTED
        for of in rows(service).values()
        for row in of
        for action in row.actions
    }

    assert not {
        item for item in actions if item[1] in ("iam:PassRole", "iam:CreateServiceLinkedRole")
    }
    tags = {action for _, action in actions if re.search(":(Tag|AddTags)", action)}
    assert tags == {
        *("elasticbeanstalk:AddTags", "fsx:TagResource", "resource-groups:Tag"),
        *("s3express:TagResource", "secretsmanager:TagResource", "tag:TagResources"),
    }
