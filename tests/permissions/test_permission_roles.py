import functools
import json
import re

import pytest
from botocore.loaders import Loader

from chalice.permissions import policy_of, read, shown
from chalice.permissions.granting import places
from chalice.permissions.granting.besides import dependent, linked, passing, roles
from chalice.permissions.granting.given import call_of
from chalice.permissions.lists import lines
from chalice.permissions.proving.recorded import called, plan
from chalice.permissions.proving.recorder import Recorder
from chalice.permissions.reading.services import Services, actions_of
from chalice.permissions.reading.values import DEEPEST_VALUE

SERVICES = Services()
ENGINE = read({"app.py": b""}, {}, SERVICES).engine
HANDED_ON = "arn:aws:iam::123456789012:role/runs"
PROFILE = "arn:aws:iam::123456789012:instance-profile/runs"
OPTIONS = (
    "[{'OptionName': 'A', 'Value': anything}, {'OptionName': 'ServiceRole', 'Value': 'runs'}])"
)
RUNS = ["arn:${AWS::Partition}:iam::${AWS::AccountId}:role/" + name for name in ("*/runs", "runs")]


@functools.cache
def model(service):
    return Loader().load_service_model(service, "service-2")


def every_place():
    """Yield each place, of what operation it is, and whether instance profiles stand there."""
    for service in lines("roles"):
        found = roles.listed(service)
        for is_profile, by_operation in enumerate((found.roles, found.profiles)):
            for operation, of_operation in by_operation.items():
                for place in of_operation:
                    yield service, operation, place, bool(is_profile)


def filled(shapes, name, steps, text):
    """Return what a member is where *text* stands at *steps* in it; None where that is no place."""
    shape = shapes[name]
    if shape["type"] == "list":
        return [filled(shapes, shape["member"]["shape"], steps, text)]
    if not steps:
        return text if shape["type"] == "string" else None
    first, *rest = steps
    if shape["type"] == "map":
        return {"authenticated": filled(shapes, shape["value"]["shape"], rest, text)}
    member = first.removesuffix("!")
    is_required = member in shape.get("required", ())
    if member not in shape["members"] or is_required != first.endswith("!"):
        return None
    return {member: filled(shapes, shape["members"][member]["shape"], rest, text)}


def parameters(service, operation, place, text):
    shapes = model(service)["shapes"]
    return filled(
        shapes, model(service)["operations"][operation]["input"]["shape"], place.split("."), text
    )


def recorded(recorder, service, operation, params):
    """Return a call as it is recorded, and read again."""
    facts = {
        "service": service,
        "operation": operation,
        "params": recorder.kept(params, service, operation),
        "region": "",
        "default_region": "",
        "variables": {},
        "chain": [],
    }
    (found,), lost = called([json.dumps(facts).encode()])
    assert lost == []
    return call_of(found.use, ENGINE)


def policy(call):
    source = f"import boto3\ndef go(anything, another):\n    boto3.client({call}\n"
    return policy_of(read({"app.py": source.encode()}, {}, SERVICES))


def passes(call):
    """Return the roles that a call may hand on."""
    found = [item for item in policy(call).statements if "iam:PassRole" in item.actions]
    return [shown(resource) for item in found for resource in item.resources]


# --- the list ----------------------------------------------------------------------------------


def test_each_place_of_a_role_is_a_text_in_what_the_operation_takes():
    missing = [
        (service, operation, place)
        for service, operation, place, _ in every_place()
        if "None" in repr(parameters(service, operation, place, HANDED_ON))
    ]

    assert missing == []


def test_the_role_at_each_place_is_handed_on_and_that_is_recorded(tmp_path):
    recorder = Recorder(plan(tmp_path / "log", {}, {}))
    different = []

    for service, operation, place, is_profile in every_place():
        text = PROFILE if is_profile else HANDED_ON
        params = parameters(service, operation, place, text)
        handed_on = passing.passed(recorded(recorder, service, operation, params))
        found = {arn for _, _, arns in handed_on for arn in arns}
        is_too_deep = place.count(".") > DEEPEST_VALUE
        if (HANDED_ON not in found or len(found) > 1 + is_profile) and not is_too_deep:
            different.append((service, operation, place, found))

    assert different == []


# Roles that nobody hands on: who calls assumes them, or reads of them, or they are no roles of IAM.
NOT_HANDED_ON = {
    *("account-access-runtime", "cognito-identity", "iam", "lakeformation", "license-manager"),
    *("neptunedata", "securityhub", "sts"),
}
READING = ("Assume", "BatchGet", "Delete", "Describe", "Disassociate", "Get", "List", "Search")


def role_arns(shapes, name, around=frozenset()):
    """Yield the names of members that say that they are ARNs of roles."""
    if name in around:
        return
    shape = shapes[name]
    for member, item in shape.get("members", {}).items():
        is_text = shapes[item["shape"]]["type"] in ("list", "string")
        if is_text and re.search("RoleArns?$", member, re.IGNORECASE):
            yield member
        yield from role_arns(shapes, item["shape"], around | {name})
    for kind in ("member", "value"):
        if kind in shape:
            yield from role_arns(shapes, shape[kind]["shape"], around | {name})


def test_each_role_that_an_operation_takes_is_on_the_list():
    missing = []

    for service in set(Loader().list_available_services("service-2")) - NOT_HANDED_ON:
        listed = roles.listed(service).roles
        for operation, found in model(service)["operations"].items():
            if operation.startswith(READING) or "input" not in found:
                continue
            known = {places.names_of(place)[-1] for place in listed.get(operation, ())}
            taken = set(role_arns(model(service)["shapes"], found["input"]["shape"]))
            missing += [(service, operation, name) for name in taken - known]

    # Which finding of an audit is suppressed, what a report is about, and what a role assumes.
    others = {("iot", "iamRoleArn"), ("inspector2", "lambdaFunctionExecutionRoleArn")}
    others.add(("sagemaker", "AssumableRoleArns"))
    assert {(service, name) for service, _, name in missing} == others


def test_an_operation_of_our_own_tables_is_one_of_aws():
    tables = (roles.MORE, roles.PAIRS, roles.DOCUMENTS, passing.TEMPLATES)
    own = {key for table in (*tables, linked.CONDITIONAL, dependent.UNLESS_ROLE) for key in table}
    own |= {("ecs", operation) for operation in roles.OF_TASKS}
    named = {
        (service, name)
        for service in lines("roles")
        for name in roles.listed(service).linked | roles.listed(service).nameless
    }

    assert {key for key in own | named if key[1] not in model(key[0])["operations"]} == set()
    assert len(named) > 150


def test_what_our_own_tables_ask_for_is_taken_by_the_operation():
    asked = {
        *roles.MORE.items(),
        *((key, place) for key, pair in roles.PAIRS.items() for place in pair[:2]),
        *((key, place) for key, (place, _) in roles.DOCUMENTS.items()),
        *((key, place) for key, found in passing.TEMPLATES.items() for place in found),
        *((key, role) for key, (role, _) in dependent.UNLESS_ROLE.items() if role),
        *((key, place) for key, (place, _) in linked.CONDITIONAL.items()),
    }

    for (service, operation), place in asked:
        first = places.names_of(place)[0]
        shape = model(service)["operations"][operation]["input"]["shape"]
        assert first in model(service)["shapes"][shape]["members"], (service, operation, place)


def test_what_roles_need_is_on_the_list_of_aws():
    assert {"passrole", "createservicelinkedrole"} <= set(actions_of("iam"))


def test_of_what_may_be_a_secret_nothing_is_recorded_as_a_role(tmp_path):
    recorder = Recorder(plan(tmp_path / "log", {}, {}))

    given = {"credentials": "secret", "AttributeValue": "secret", "value": "secret"}
    kept = recorder.kept(given, "sns", "SetTopicAttributes")

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
