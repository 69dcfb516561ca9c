import re

import pytest
from tests.permissions.asked import KEEPING, load

from chalice.permissions import policy_of, read, shown
from chalice.permissions.granting import places
from chalice.permissions.granting.besides import dependent, linked, passing, roles
from chalice.permissions.lists import lines
from chalice.permissions.reading.services import Services, actions_of

SERVICES = Services(load)
ENGINE = read({"app.py": b""}, {}, SERVICES).engine
HANDED_ON = "arn:aws:iam::123456789012:role/runs"
PROFILE = "arn:aws:iam::123456789012:instance-profile/runs"
OPTIONS = (
    "[{'OptionName': 'A', 'Value': anything}, {'OptionName': 'ServiceRole', 'Value': 'runs'}])"
)
RUNS = ["arn:${AWS::Partition}:iam::${AWS::AccountId}:role/" + name for name in ("*/runs", "runs")]


def policy(call):
    source = f"import boto3\ndef go(anything, another):\n    boto3.client({call}\n"
    return policy_of(read({"app.py": source.encode()}, {}, SERVICES))


def passes(call):
    """Return the roles that a call may hand on."""
    found = [item for item in policy(call).statements if "iam:PassRole" in item.actions]
    return [shown(resource) for item in found for resource in item.resources]


# --- the list ----------------------------------------------------------------------------------


def test_what_our_own_tables_ask_for_is_taken_by_an_operation_of_aws():
    asked = {
        *roles.MORE.items(),
        *((key, place) for key, pair in roles.PAIRS.items() for place in pair[:2]),
        *((key, place) for key, (place, _) in roles.DOCUMENTS.items()),
        *((key, place) for key, found in passing.TEMPLATES.items() for place in found),
        *((key, role) for key, (role, _) in dependent.UNLESS_ROLE.items()),
        *((key, place) for key, (place, _) in linked.CONDITIONAL.items()),
        *((("ecs", operation), "") for operation in roles.OF_TASKS),
    }

    wrong = [
        (service, operation, place)
        for (service, operation), place in asked
        for known in [SERVICES.get(service)]
        if operation not in known.operations.values()
        or (place and places.names_of(place)[0] not in known.inputs[operation])
    ]
    assert wrong == []


def test_an_operation_that_links_roles_is_one_of_aws():
    named = {
        (service, name)
        for service in lines("roles")
        for name in roles.listed(service).linked | roles.listed(service).nameless
    }

    assert [
        (service, name)
        for service, name in named
        if name not in SERVICES.get(service).operations.values()
    ] == []
    assert len(named) > 150


def test_what_roles_need_is_on_the_list_of_aws():
    assert {"passrole", "createservicelinkedrole"} <= set(actions_of("iam"))


def test_of_what_may_be_a_secret_nothing_is_recorded_as_a_role():
    given = {"credentials": "secret", "AttributeValue": "secret", "value": "secret"}
    kept = KEEPING.kept(given, "sns", "SetTopicAttributes")

    assert kept == {"credentials": False, "AttributeValue": False, "value": False}


# --- calls -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "handed_on"),
    [
        ("'glue').update_job(JobName='j', JobUpdate={'Role': 'runs'})", RUNS),
        ("'glue').start_job_run(JobName='j', Arguments={'Role': 'x'})", []),
        ("'s3').put_object(Bucket='b', Key='k', Metadata={'Role': 'x'})", []),
        ("'s3').put_bucket_replication(ReplicationConfiguration={'Role': 'runs'})", RUNS),
        (
            "'lambda').create_function(Environment={'Variables': {'Role': 'x'}}, Role='runs')",
            RUNS,
        ),
        ("'ecs').run_task(overrides={'taskRoleArn': None})", []),
        ("'sts').assume_role(RoleArn='arn:aws:iam::1:role/x')", []),
        ("'rds').remove_role_from_db_cluster(DBClusterIdentifier='c', RoleArn='runs')", RUNS),
        (f"'logs').put_destination(**{{'roleArn': '{HANDED_ON}'}})", [HANDED_ON]),
        (
            f"'elasticbeanstalk').update_environment(OptionSettings={OPTIONS}",
            RUNS,
        ),
        (f"'pipes').update_pipe(RoleArn='{HANDED_ON}' if anything else None)", [HANDED_ON]),
    ],
)
def test_a_role_is_handed_on_where_it_stands_for_one(call, handed_on):
    assert passes(call) == handed_on


@pytest.mark.parametrize(
    ("call", "places_told"),
    [
        ("'lambda').create_function(**anything)", "`Role`"),
        ("'lambda').create_function(Role=anything)", "`Role`"),
        ("'lambda').update_function_configuration(FunctionName='f', **anything)", "`Role`"),
        ("'lambda').update_function_configuration(FunctionName='f')", ""),
        (
            "'ecs').run_task(overrides=anything)",
            "`overrides.executionRoleArn`, `overrides.taskRoleArn`",
        ),
        ("'ecs').run_task(overrides={'cpu': anything})", ""),
        ("'events').put_targets(Targets=[{'Id': 'a', **anything}])", "`Targets.RoleArn`"),
        ("'events').put_targets(Targets=[anything, anything])", "`Targets.RoleArn`"),
        ("'events').put_targets(Targets=[{'Id': anything, 'Arn': anything}])", ""),
        ("'sns').set_topic_attributes(AttributeName=anything, AttributeValue='5')", ""),
        (
            "'sns').set_topic_attributes(AttributeName=anything, AttributeValue=anything)",
            "`AttributeValue`",
        ),
        (f"'pipes').create_pipe(RoleArn=['{HANDED_ON}', anything][0])", ""),
    ],
)
def test_a_role_that_is_not_known_is_told_and_not_granted(call, places_told):
    found = [item for item in policy(call).problems if "`iam:PassRole`" in item.hint]

    told = [item.summary for item in found if "hand" in item.summary]
    assert [re.findall(r"\((.*)\)", summary) for summary in told] == (
        [[places_told]] if places_told else []
    )
    assert "*" not in passes(call)
    assert {item.code for item in found} <= {"policy-role-passed"}


DOCUMENT = {
    "json": '{"assumeRole": "arn:aws:iam::123456789012:role/runs", "schemaVersion": "0.3"}',
    "yaml": "schemaVersion: '0.3'\nassumeRole: arn:aws:iam::123456789012:role/runs\nmainSteps: []",
    "parameter": '{"assumeRole": "{{ AutomationAssumeRole }}"}',
    "none": '{"schemaVersion": "2.2"}',
}


@pytest.mark.parametrize(
    ("content", "handed_on", "is_told"),
    [
        (repr(DOCUMENT["json"]), [HANDED_ON], False),
        (repr(DOCUMENT["yaml"]), [HANDED_ON], False),
        (repr(DOCUMENT["parameter"]), [], False),
        (repr(DOCUMENT["none"]), [], False),
        ("anything", [], True),
        (f"{DOCUMENT['json'].replace('runs', '')!r}.replace('role/', anything)", [], True),
    ],
    ids=["JSON", "YAML", "a parameter", "none", "not known", "made when it runs"],
)
def test_the_role_in_a_document_is_handed_on(content, handed_on, is_told):
    call = f"'ssm').create_document(Name='d', Content={content})"

    assert passes(call) == handed_on
    assert [item.code for item in policy(call).problems] == ["policy-role-passed"] * is_told


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("LaunchTemplate={'LaunchTemplateName': 't'}", ["launch template"]),
        ("LaunchTemplate={'LaunchTemplateName': 't'}, IamInstanceProfile={'Name': 'p'}", ["`p`"]),
        ("LaunchTemplate=anything", ["launch template"]),
        ("LaunchTemplate=None", []),
        ("ImageId='ami-1'", []),
        ("IamInstanceProfile={'Name': anything}", ["`IamInstanceProfile.Name`"]),
    ],
)
def test_the_role_of_an_instance_is_told_where_it_is_not_named(more, told):
    found = policy(f"'ec2').run_instances(MinCount=1, MaxCount=1, {more})").problems

    assert [item.code for item in found] == ["policy-role-passed"] * len(told)
    assert all(text in item.summary for item, text in zip(found, told, strict=True))


@pytest.mark.parametrize(
    ("call", "is_told"),
    [
        ("run_task(taskDefinition='web')", True),
        ("run_task(taskDefinition='jobs:3')", False),
        (
            "run_task(taskDefinition='arn:aws:ecs:eu-west-1:123456789012:task-definition/jobs:3')",
            False,
        ),
        ("run_task(taskDefinition=anything)", True),
        ("update_service(service='s', taskDefinition='web')", True),
        ("update_service(service='s', forceNewDeployment=True)", False),
        ("create_service(serviceName='s', taskDefinition='jobs')", False),
    ],
)
def test_roles_of_a_task_definition_are_those_that_it_is_registered_with(call, is_told):
    source = (
        "import boto3\necs = boto3.client('ecs')\n"
        f"ecs.register_task_definition(family='jobs', taskRoleArn='{HANDED_ON}')\n"
        f"def go(anything):\n    ecs.{call}\n"
    )

    found = policy_of(read({"app.py": source.encode()}, {}, SERVICES))

    (statement,) = [item for item in found.statements if item.actions == ("iam:PassRole",)]
    assert statement.resources == (HANDED_ON,)
    others = {need.use.operation for need in statement.needs} - {"RegisterTaskDefinition"}
    assert len(others) == ("jobs" in call or "anything" in call)
    assert [item.code for item in found.problems] == (["policy-role-passed"] if is_told else [])


@pytest.mark.parametrize(
    ("call", "is_asked"),
    [
        ("'kms').create_key()", False),
        ("'kms').create_key(MultiRegion=True)", True),
        ("'kms').create_key(**anything)", True),
        ("'budgets').create_budget(AccountId='1', Budget={'BudgetName': 'b'})", False),
        ("'budgets').create_budget(AccountId='1', Budget={'BillingViewArn': anything})", True),
        ("'opensearch').create_domain(VPCOptions={'SubnetIds': ['subnet-1']})", True),
        ("'opensearch').create_domain(DomainName='d')", False),
        ("'access-analyzer').create_analyzer(analyzerName='a')", False),
        ("'accessanalyzer').create_analyzer(analyzerName='a')", True),
        ("'accessanalyzer').list_analyzers()", False),
        ("'neptune').create_db_cluster(DBClusterIdentifier='c')", True),
    ],
)
def test_a_role_of_a_service_is_made_where_the_service_needs_one(call, is_asked):
    found = [
        shown(resource)
        for item in policy(call).statements
        if "iam:CreateServiceLinkedRole" in item.actions
        for resource in item.resources
    ]

    every = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/*"
    assert found == ([every] if is_asked else [])


@pytest.mark.parametrize(
    ("call", "is_told"),
    [
        ("'cloudformation').create_stack(StackName='s')", True),
        (f"'cloudformation').create_stack(StackName='s', RoleARN='{HANDED_ON}')", False),
        ("'cloudformation').describe_stacks(StackName='s')", False),
        ("'cloudformation').execute_change_set(ChangeSetName='c')", True),
        ("'cloudcontrol').create_resource(TypeName='AWS::SQS::Queue', DesiredState='{}')", True),
    ],
)
def test_what_is_done_as_the_caller_is_told(call, is_told):
    codes = [item.code for item in policy(call).problems]

    assert codes == (["policy-rights-of-caller"] if is_told else [])


@pytest.mark.parametrize(
    ("call", "services"),
    [
        ("'ecs').register_task_definition(family='f', taskRoleArn=x)", ("ecs",)),
        (
            "'stepfunctions').create_state_machine(name='n', definition='{}', roleArn=x)",
            ("stepfunctions", "states"),
        ),
        ("'ec2').run_instances(LaunchTemplate={'LaunchTemplateName': x})", ("ec2",)),
        (
            "'autoscaling').create_auto_scaling_group(LaunchTemplate={'LaunchTemplateName': x})",
            ("autoscaling", "ec2"),
        ),
    ],
)
def test_to_whom_a_role_is_handed_on_is_known_where_it_is_told(call, services):
    (told,) = [item for item in policy(call).problems if item.code == "policy-role-passed"]

    assert told.services == services


def test_what_is_imported_and_does_not_ship_may_be_arguments_with_a_role():
    source = b"import boto3\nfrom settings import F\nboto3.client('lambda').create_function(**F)\n"

    found = policy_of(read({"app.py": source}, {}, SERVICES))

    assert [item.code for item in found.problems if "role" in item.code] == ["policy-role-passed"]


def test_a_list_that_holds_itself_has_an_end():
    source = (
        b"import boto3\ntargets = []\ntargets.append(targets)\n"
        b"boto3.client('events').put_targets(Rule='r', Targets=targets)\n"
    )

    found = policy_of(read({"app.py": source}, {}, SERVICES))

    assert [item.actions for item in found.statements] == [("events:PutTargets",)]
