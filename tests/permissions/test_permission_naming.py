"""Resources by what AWS's lists and botocore's models say, service by service."""

import ast
import json

import pytest
from tests.permissions.asked import KEEPING, arns_of, load, model_of

from chalice.permissions import policy_of, read, shown, table
from chalice.permissions.granting import places
from chalice.permissions.granting.given import Call
from chalice.permissions.granting.needs import needs
from chalice.permissions.granting.resources import formats, naming
from chalice.permissions.lists import lines
from chalice.permissions.proving.recorder.keeping import NAMING
from chalice.permissions.reading import services
from chalice.permissions.reading.services import Services
from chalice.permissions.reading.values import Record, Tuple, Use

SERVICES = Services(load)

#: Services that many use. Of one in ten of their operations about something the resource is in what
#: AWS has, and not in the call: the query of an execution, the address of an association.
COMMON = (
    *("autoscaling", "bedrock", "cognito-idp", "dynamodb", "ec2", "ecs", "eks", "elasticache"),
    *("events", "iam", "lambda", "pinpoint", "rds", "redshift", "sagemaker"),
)
MOST_UNKNOWN = 0.1

#: How deep parameters are made up.
DEEPEST = 4


def listed():
    for service, kinds in lines("naming").items():
        yield service, json.loads(kinds)


def prefixes_of(service):
    """Return the prefixes of the actions of a service's operations."""
    own = table.PREFIXES.get(service)
    others = (
        action.rpartition(":")[0]
        for (name, _), actions in table.ACTIONS.items()
        for action in actions
        if name == service
    )
    return [*([own] if own else SERVICES.get(service).prefixes), *filter(None, others)]


def entries(kinds):
    for kind, parts in kinds.items():
        for part, paths in parts.items():
            for path, operations in paths.items():
                yield kind, part, path, operations.split()


def test_each_type_and_part_on_the_list_is_one_of_aws():
    wrong = []

    for service, kinds in listed():
        every = {}
        for prefix in prefixes_of(service):
            for kind, texts in arns_of(prefix).items():
                every.setdefault(kind, []).extend(texts)

        for kind, part, _, _ in entries(kinds):
            parts = {name for text in every[kind] for name in formats.parts(text.split(":", 3)[-1])}
            if part not in {naming.WHOLE, naming.ABOUT, naming.OTHER, naming.OWNER, *parts}:
                wrong.append((service, kind, part))

    assert wrong == []


def test_no_arn_has_a_service_region_or_account_that_nobody_fills_in():
    for prefix in lines("formats"):
        for texts in arns_of(prefix).values():
            for text in texts:
                assert "$" not in "".join(text.split(":", 3)[:3]), text


def test_what_had_no_action_when_the_list_was_taken_has_none():
    for service in lines("unlisted"):
        own = table.PREFIXES.get(service)
        prefixes = [own] if own else SERVICES.get(service).prefixes

        listed = [services.actions_of(prefix) or {} for prefix in prefixes]

        assert not any(
            name.lower() in actions for name in services.unlisted(service) for actions in listed
        )


# --- how much is known -------------------------------------------------------------------------


def known(model, name, called, prefix, depth=0):
    """Return a value of a shape in which every text is known."""
    shape = model["shapes"][name]
    if shape["type"] == "string":
        whole = called.lower().endswith(("arn", "arns"))
        return frozenset(
            # Of whatever type the parameter is.
            [f"arn:aws:{prefix}:eu-west-1:123456789012:*" if whole else called]
        )
    if shape["type"] == "list" and depth < DEEPEST:
        item = shape["member"]["shape"]
        return frozenset([Tuple((known(model, item, called, prefix, depth + 1),))])
    if shape["type"] == "structure" and depth < DEEPEST:
        found = (
            (key, known(model, item["shape"], key, prefix, depth + 1))
            for key, item in shape.get("members", {}).items()
        )
        return frozenset([Record(tuple(found))])
    return frozenset([None])


class Nothing:
    """In the place of an engine, for values that no container holds."""

    services = SERVICES


def resources_of(service, operation, model):
    """Return what a call needs whose every parameter is known, of actions that are about some."""
    prefix = table.PREFIXES.get(service) or SERVICES.get(service).prefixes[0]
    params = tuple(
        (name, known(model, item["shape"], name, prefix))
        for name, item in inputs_of(model, operation).items()
    )
    node = ast.Constant(None, lineno=1, col_offset=0)
    found, _ = needs(Use(service, operation, params, "app.py", node, ""), Nothing())
    return [need for need in found if need.action.endswith(f":{operation}") and types_of(need)]


def inputs_of(model, operation):
    facts = model["operations"][operation]
    return model["shapes"][facts["input"]["shape"]].get("members", {}) if "input" in facts else {}


def types_of(need):
    prefix, _, name = need.action.partition(":")
    return (services.actions_of(prefix) or {}).get(name.lower())


@pytest.mark.parametrize("service", COMMON)
def test_what_a_call_says_by_name_is_a_resource(service):
    model = model_of(service)

    asked = {
        operation: resources_of(service, operation, model)
        for operation in model["operations"]
        if any(NAMING.search(name) for name in inputs_of(model, operation))
    }

    every = [operation for operation, found in asked.items() if found]
    unknown = [name for name in every if any(need.resource == "*" for need in asked[name])]
    assert len(unknown) <= MOST_UNKNOWN * len(every), (len(every), unknown)


# --- parameters in others ----------------------------------------------------------------------


def launched(more):
    """Return what may be launched by instances of one image, and *more*."""
    call = f"boto3.client('ec2').run_instances(ImageId='ami-1', {more})"
    source = f"import boto3\ndef go(event):\n    {call}\n".encode()
    policy = policy_of(read({"app.py": source}, {}, SERVICES))
    launches = (item for item in policy.statements if "ec2:RunInstances" in item.actions)
    return [shown(resource) for item in launches for resource in item.resources]


@pytest.mark.parametrize(
    ("more", "kind", "names"),
    [
        ("Placement={'GroupName': 'near'}", "placement-group", ["near"]),
        ("NetworkInterfaces=[{'SubnetId': 's-1'}]", "subnet", ["s-1"]),
        ("NetworkInterfaces=[dict(Groups=['g', 'h'])]", "security-group", ["g", "h"]),
        ("NetworkInterfaces=[{'SubnetId': f's-{event}'}]", "subnet", ["s-*"]),
        ("SubnetId='s-1', NetworkInterfaces=[{'SubnetId': 's-2'}]", "subnet", ["s-1", "s-2"]),
        # What is not given at all is none of them; a subnet is always needed.
        ("NetworkInterfaces=[{'DeviceIndex': 0}]", "subnet", ["*"]),
        ("NetworkInterfaces=[{'DeviceIndex': 0}]", "placement-group", []),
    ],
)
def test_a_resource_that_is_named_inside_of_a_parameter_is_granted(more, kind, names):
    found = launched(more)

    start = f"arn:${{AWS::Partition}}:ec2:${{AWS::Region}}:${{AWS::AccountId}}:{kind}/"
    assert sorted(item for item in found if item.startswith(start)) == [
        f"{start}{name}" for name in names
    ]


@pytest.mark.parametrize(
    "more",
    [
        "Placement=event",
        "NetworkInterfaces=[event]",
        "NetworkInterfaces=[{'SubnetId': event}]",
        "**event",
    ],
)
def test_what_is_not_known_inside_of_a_parameter_may_name_anything(more):
    assert launched(more) == ["*"]


def test_a_list_of_lists_ends():
    source = (
        b"import boto3\nnested = []\nnested.append(nested)\n"
        b"boto3.client('ec2').run_instances(NetworkInterfaces=nested)\n"
    )

    policy = policy_of(read({"app.py": source}, {}, SERVICES))

    assert "ec2:RunInstances" in {action for item in policy.statements for action in item.actions}


def test_what_a_call_names_inside_of_its_parameters_is_recorded():
    kept = KEEPING.kept(
        {
            "NetworkInterfaces": [
                {"SubnetId": "s", "Groups": ["g"], "PrivateIpAddress": "10.0.0.1"}
            ],
            "UserData": "secret",
            "KeyName": "k",
        },
        "ec2",
        "RunInstances",
    )

    assert kept == {
        "NetworkInterfaces": [{"SubnetId": "s", "Groups": ["g"]}],
        "UserData": False,
        "KeyName": "k",
    }


def test_a_text_at_a_path_that_is_not_given_is_none():
    use = Use("ec2", "RunInstances", (), "app.py", ast.Constant(None, lineno=1, col_offset=0), "")

    assert places.at(Call(use, Nothing(), {}), "Placement.GroupName").any_text == []


@pytest.mark.parametrize(
    "call",
    [
        "'iam').get_policy(PolicyArn='x')",
        "'iam').get_role(RoleName='')",
        "'iam').list_mfa_device_tags(SerialNumber='arn:aws:iam::1:mfa')",
    ],
)
def test_a_name_that_is_none_does_not_stop_the_reading(call):
    source = f"import boto3\nboto3.client({call}\n".encode()

    policy = policy_of(read({"app.py": source}, {}, SERVICES))

    assert len(policy.statements) == 1
