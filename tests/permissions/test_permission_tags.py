import ast
import json
import re

import pytest
from tests.permissions.asked import KEEPING, as_recorded, granted, load

from chalice.permissions import policy_of, read
from chalice.permissions.granting.besides import tagging
from chalice.permissions.granting.given import Call
from chalice.permissions.lists import lines
from chalice.permissions.reading import services
from chalice.permissions.reading.services import Services
from chalice.permissions.reading.values import ANYTHING, Record, Tuple, Use

# Models are read once for all programs.
SERVICES = Services(load)

ARN = "arn:${AWS::Partition}"
HERE = "${AWS::Region}:${AWS::AccountId}"
KINDS = "[{'ResourceType': 'vpc'}, {'ResourceType': 'fleet'}]"


def listed():
    """Yield what the data file has: service, operation, action, where the tags are, their types."""
    for service, content in lines("tags").items():
        for action, paths in json.loads(content).items():
            for path, by_kinds in paths.items():
                for kinds, operations in by_kinds.items():
                    for operation in operations.split():
                        yield service, operation, action, path, kinds.split(",") if kinds else []


ALL = sorted(listed())
OF_SERVICE = sorted({service for service, *_ in ALL})


class NoModels:
    """An engine that knows no service: nothing is named by a parameter."""

    services = Services(lambda name: None)


def asked(service, operation, params):
    """Return the actions that tags of a call need."""
    use = Use(service, operation, (), "app.py", ast.Constant(None, lineno=1, col_offset=0))
    found = tagging.tagged(Call(use, NoModels(), params))
    return {f"{prefix}:{action}" for prefix, action, _ in found}


def nested(path, value):
    """Return parameters with *value* at *path*, each member of which is in a list."""
    first, *others = path.split(".")
    for name in reversed(others):
        value = frozenset([Tuple((frozenset([Record(((name, value),))]),))])
    return {first: value}


def allowed(call):
    return granted(call, before="T = [{'Key': 'a', 'Value': 'b'}]\n")[0]


# --- every operation of every service ----------------------------------------------------------


def test_the_list_is_as_long_as_it_was():
    operations = {(service, operation) for service, operation, *_ in ALL}

    assert len(OF_SERVICE) > 300
    assert len(operations) > 1700
    # Nearly all are on a type of resource that is known.
    assert sum(bool(kinds) for *_, kinds in ALL) > 0.8 * len(ALL)


def test_whatever_is_made_with_tags_asks_for_the_action_that_tags():
    wrong = [
        (service, operation, path)
        for service, operation, action, path, _ in ALL
        if action not in asked(service, operation, nested(path, ANYTHING))
    ]

    assert wrong == []


def test_whatever_is_made_without_tags_asks_for_nothing():
    operations = {(service, operation) for service, operation, *_ in ALL}
    given = {"Name": frozenset(["a"])}

    assert {found for found in operations if asked(*found, given)} == set()


def test_tags_that_are_none_ask_for_nothing():
    wrong = [
        (service, operation, path)
        for service, operation, _, path, _ in ALL
        if asked(service, operation, nested(path, frozenset([None])))
    ]

    assert wrong == []


def test_what_is_not_known_of_a_call_may_be_tags():
    wrong = [
        (service, operation, path)
        for service, operation, action, path, _ in ALL
        if action not in asked(service, operation, {"**": ANYTHING})
        or action not in asked(service, operation, {path.split(".")[0]: ANYTHING})
    ]

    assert wrong == []


def test_each_action_is_on_the_list_of_aws():
    actions = {action for _, _, action, *_ in ALL}

    unknown = {
        action
        for action in actions
        for prefix, _, name in [action.partition(":")]
        if name.lower() not in (services.actions_of(prefix) or {})
    }
    assert unknown == set()


def test_each_type_has_an_arn():
    types = {(action.partition(":")[0], kind) for _, _, action, _, kinds in ALL for kind in kinds}

    call = Call(
        Use("x", "CreateX", (), "app.py", ast.Constant(None, lineno=1, col_offset=0)), NoModels()
    )
    for prefix, kind in types:
        found = tagging.by_list.of_type(call, prefix, kind)
        assert found
        assert found != ["*"]


# --- what the documentation says ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "action"),
    [
        # Sources: botocore's models, of the parameter or the operation; ECS developer guide, "Grant
        # permission to tag resources on creation"; EC2 user guide of the same name.
        ("'application-signals').create_service_level_objective(Tags=T)", "application-signals:"),
        ("'cloudwatch').put_insight_rule(RuleName='r', Tags=T)", "cloudwatch:TagResource"),
        ("'ecs').register_task_definition(family='f', tags=T)", "ecs:TagResource"),
        ("'ecs').create_capacity_provider(name='f', tags=T)", "ecs:TagResource"),
        ("'efs').create_file_system(Tags=T)", "elasticfilesystem:TagResource"),
        ("'events').put_rule(Name='r', Tags=T)", "events:TagResource"),
        ("'kinesis').create_stream(StreamName='r', Tags={})", "kinesis:AddTagsToStream"),
        ("'kinesis').register_stream_consumer(Tags={})", "kinesis:TagResource"),
        ("'kms').replicate_key(KeyId='k', Tags=T)", "kms:TagResource"),
        ("'logs').create_log_group(logGroupName='r', tags={})", "logs:TagResource"),
        ("'organizations').create_policy(Name='r', Tags=T)", "organizations:TagResource"),
        ("'rekognition').create_collection(CollectionId='r', Tags={})", "rekognition:TagResource"),
        ("'s3control').create_storage_lens_group(Tags=T)", "s3:TagResource"),
        ("'s3tables').create_table_bucket(name='r', tags={})", "s3tables:TagResource"),
        ("'s3vectors').create_index(indexName='r', tags={})", "s3vectors:TagResource"),
        ("'ssm').create_ops_item(Title='t', Tags=T)", "ssm:AddTagsToResource"),
        ("'workspaces').create_workspace_image(Name='t', Tags=T)", "workspaces:CreateTags"),
        ("'ec2').create_vpc(TagSpecifications=[])", "ec2:CreateTags"),
    ],
)
def test_what_the_documentation_says_is_needed_is_granted(call, action):
    found = allowed(call)

    assert any(name.startswith(action) for name in found)
    assert len(found) > 1


# --- on what -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "action", "resources"),
    [
        # Lists of tags say themselves what they are on.
        (
            f"'ec2').create_fleet(TagSpecifications={KINDS})",
            "ec2:CreateTags",
            [f"ec2:{HERE}:fleet/*", f"ec2:{HERE}:vpc/*"],
        ),
        (
            "'ec2').create_vpc(TagSpecifications=[{'ResourceType': input(), 'Tags': T}])",
            "ec2:CreateTags",
            [f"ec2:{HERE}:vpc/*"],
        ),
        # What it is made from is not what is made.
        (
            "'ec2').copy_image(SourceImageId='ami-1', CopyImageTags=True)",
            "ec2:CreateTags",
            ["ec2:${AWS::Region}::image/*"],
        ),
        (
            "'omics').start_run(runId='1', tags={})",
            "omics:TagResource",
            [f"omics:{HERE}:run/*"],
        ),
        # What is made may be another service's.
        (
            "'ebs').start_snapshot(VolumeSize=1, Tags=T)",
            "ec2:CreateTags",
            ["ec2:${AWS::Region}::snapshot/*"],
        ),
        # Parameters that are called after what they tag.
        (
            "'bedrock').create_model_customization_job(customModelTags=T)",
            "bedrock:TagResource",
            [f"bedrock:{HERE}:custom-model/*"],
        ),
        (
            "'elbv2').create_listener(LoadBalancerArn=input(), Tags=T)",
            "elasticloadbalancing:AddTags",
            [
                f"elasticloadbalancing:{HERE}:listener/{kind}/*/*/*"
                for kind in ("app", "gwy", "net")
            ],
        ),
        # A name that is only known when it runs is of this account and region: it is made here.
        (
            "'dynamodb').create_table(TableName=input(), Tags=T)",
            "dynamodb:TagResource",
            [f"dynamodb:{HERE}:table/*"],
        ),
        ("'ecs').run_task(cluster='c', tags=T)", "ecs:TagResource", [f"ecs:{HERE}:task/c/*"]),
        (
            "'rds').create_db_cluster_parameter_group(DBClusterParameterGroupName='p', Tags=T)",
            "rds:AddTagsToResource",
            [f"rds:{HERE}:cluster-pg:p"],
        ),
    ],
)
def test_tags_are_granted_on_the_type_that_is_made(call, action, resources):
    found = allowed(call)

    assert [item.removeprefix(f"{ARN}:") for item in found[action]] == resources


def test_tags_of_an_unknown_type_are_granted_on_everything():
    found = allowed("'ssm').create_activation(IamRole='r', Tags=T)")

    assert found["ssm:AddTagsToResource"] == ["*"]


@pytest.mark.parametrize(
    "call",
    [
        "'sesv2').send_email(EmailTags=[{'Name': 'a', 'Value': 'b'}])",
        "'swf').start_workflow_execution(domain='d', workflowId='w', tagList=['a'])",
        "'resource-groups').search_resources(ResourceQuery={'Tags': T})",
        "'codedeploy').create_deployment_group(ec2TagFilters=T)",
        "'dlm').update_lifecycle_policy(PolicyId='p', PolicyDetails={'TargetTags': T})",
        "'ec2').describe_tags(Filters=T)",
        "'sqs').tag_queue(QueueUrl='https://sqs.eu-west-1.amazonaws.com/1/q', Tags={'a': 'b'})",
        "'codebuild').create_project(name='p', tags=T)",
    ],
)
def test_tags_that_are_not_put_on_anything_made_ask_for_nothing(call):
    found = allowed(call)

    of_tags = re.compile(":(Tag|AddTags|CreateTags)")
    assert [name for name in found if of_tags.search(name)] in ([], ["sqs:TagQueue"])


@pytest.mark.parametrize(
    ("given", "actions"),
    [
        ("", {"AssumeRole"}),
        (", Tags=T", {"AssumeRole", "TagSession"}),
        (", TransitiveTagKeys=['a']", {"AssumeRole", "TagSession"}),
        (", SourceIdentity='me'", {"AssumeRole", "SetSourceIdentity"}),
        (", ProvidedContexts=[{}]", {"AssumeRole", "SetContext"}),
        (
            ", **dict(input())",
            {"AssumeRole", "SetContext", "SetSourceIdentity", "TagSession"},
        ),
    ],
)
def test_a_session_needs_what_it_is_given(given, actions):
    role = "arn:aws:iam::111122223333:role/r"

    found = allowed(f"'sts').assume_role(RoleArn='{role}', RoleSessionName='s'{given})")

    assert found == {f"sts:{action}": [role] for action in actions}


@pytest.mark.parametrize("operation", ["tag_resources", "untag_resources"])
def test_what_tags_resources_of_any_service_is_told(operation):
    source = f"import boto3\nboto3.client('resourcegroupstaggingapi').{operation}()\n".encode()

    policy = policy_of(read({"app.py": source}, {}, SERVICES))

    assert [problem.code for problem in policy.problems] == ["policy-rights-of-caller"]


# --- lists and dicts on the way ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "is_tagged"),
    [
        ("[{'Tags': T}]", True),
        ("[{'UserName': 'u'}, {'Tags': T}]", True),
        ("[{'UserName': 'u'}]", False),
        ("[{'UserName': 'u', 'Tags': None}]", False),
        ("[{'UserName': 'u', **dict(input())}]", True),
        ("[dict(UserName=name) for name in input()]", False),
        ("[dict(UserName=name, Tags=T) for name in input()]", True),
        ("({'UserName': 'u'},)", False),
        ("input()", True),
    ],
)
def test_tags_are_looked_for_where_they_are(given, is_tagged):
    found = allowed(f"'workspaces').create_workspaces(Workspaces={given})")

    assert ("workspaces:CreateTags" in found) is is_tagged


def test_a_list_that_holds_itself_is_read():
    source = (
        b"import boto3\nspaces = []\nspaces.append(spaces)\n"
        b"boto3.client('workspaces').create_workspaces(Workspaces=spaces)\n"
    )

    policy = policy_of(read({"app.py": source}, {}, SERVICES))

    assert [action for item in policy.statements for action in item.actions] == [
        "workspaces:CreateWorkspaces"
    ]


# --- as it is recorded -------------------------------------------------------------------------


def parameters(path, tags):
    """Return parameters of a call as a program has them: each member above tags is in a list."""
    first, *others = path.split(".")
    value = tags
    for name in reversed(others):
        value = [{name: value} if value is not None else {}]
    return {first: value} if value is not None else {}


def test_a_recorded_call_asks_for_the_same():
    def recorded(service, operation, given):
        return asked(service, operation, dict(as_recorded(service, operation, given).params))

    tags = [{"Key": "team", "Value": "a"}]
    without = [item[:2] for item in ALL if recorded(*item[:2], parameters(item[3], None))]
    missed = [
        (service, operation)
        for service, operation, action, path, _ in ALL
        if action not in recorded(service, operation, parameters(path, tags))
    ]
    assert missed == []
    assert without == []


def test_of_what_holds_tags_only_that_it_has_any_is_recorded():
    kept = KEEPING.kept(
        {
            "TagSpecifications": [
                {"ResourceType": "volume", "Tags": [{"Key": "secret", "Value": "secret"}]}
            ],
            "Tags": {"secret": "secret"},
        },
        "ec2",
        "RunInstances",
    )

    assert "secret" not in json.dumps(kept)
    assert kept["TagSpecifications"] == [{"ResourceType": "volume"}]
    assert kept["Tags"] is False
