"""What is recorded of a call is what is read of it: the same is needed, and no more is kept."""

import itertools
import json
from dataclasses import replace

import pytest
from tests.permissions.asked import KEEPING, as_recorded, load, model_of

from chalice.permissions import read
from chalice.permissions.granting.besides import by_caller, itself, roles
from chalice.permissions.granting.needs import needs
from chalice.permissions.proving.recorded import value_of
from chalice.permissions.reading.services import Services, python_name
from chalice.permissions.reading.transfers import TOKENS

COMMON = [
    *("apigateway", "apigatewayv2", "appconfig", "athena", "batch", "bedrock-runtime"),
    *("cloudformation", "cloudfront", "cloudtrail", "cloudwatch", "codebuild", "codepipeline"),
    *("cognito-idp", "dynamodb", "ec2", "ecr", "ecs", "eks", "elasticache", "elbv2", "events"),
    *("firehose", "geo-maps", "glue", "iam", "iot", "kinesis", "kms", "lambda", "logs", "rds"),
    *("route53", "s3", "sagemaker", "scheduler", "secretsmanager", "servicediscovery", "sesv2"),
    *("sns", "sqs", "ssm", "stepfunctions", "textract", "wafv2"),
]
DEEPEST = 6
# What is nested deeper, and is much, is not all known as it is read.
DEEPEST_IN_CODE = 2
ARN = "arn:aws:{}:eu-west-1:123456789012:thing/{}"
SERVICES = Services(load)
ENGINE = read({"app.py": b""}, {}, SERVICES).engine


def arn_of(prefix, path):
    named = "".join(path.split("-")[-2:]).lower()
    kinds = [kind for kind in ("role", "instance-profile") if kind.rpartition("-")[2] in named]
    return f"arn:aws:iam::123456789012:{kinds[0]}/{path}" if kinds else ARN.format(prefix, path)


def made(shapes, name, path, prefix, deepest, around=()):
    """Return a value of a shape with all that it has, in which each text says where it is."""
    shape = shapes[name]
    kind = shape["type"]
    if name in around or len(around) > deepest:
        return None
    inside = (*around, name)
    if kind == "structure":
        members = {
            key: made(shapes, member["shape"], f"{path}-{key}", prefix, deepest, inside)
            for key, member in shape.get("members", {}).items()
        }
        return {key: value for key, value in members.items() if value is not None} or None
    if kind == "list":
        item = made(shapes, shape["member"]["shape"], path, prefix, deepest, inside)
        return None if item is None else [item]
    if kind == "map":
        value = made(shapes, shape["value"]["shape"], f"{path}-value", prefix, deepest, inside)
        return None if value is None else {"key": value}
    if kind == "string":
        text = path if not path.lower().endswith("arn") else arn_of(prefix, path)
        return shape.get("enum", [text])[0]
    return {"boolean": True, "blob": b"x"}.get(kind, 1)


def sensitive(shapes, name, value, *, is_inside=False):
    """Yield the texts in a value that the model says are sensitive, but names of keys of KMS."""
    shape = shapes[name]
    is_inside = is_inside or bool(shape.get("sensitive"))
    if isinstance(value, str):
        last = value.rpartition("-")[2].lower()
        if is_inside and "enum" not in shape and "kms" not in last and "bucket" not in last:
            yield value
    elif isinstance(value, list):
        for item in value:
            yield from sensitive(shapes, shape["member"]["shape"], item, is_inside=is_inside)
    elif isinstance(value, dict):
        for key, item in value.items():
            inner = shape["members"][key] if "members" in shape else shape["value"]
            yield from sensitive(shapes, inner["shape"], item, is_inside=is_inside)


def calls_of(service, deepest):
    """Return the model of a service, and its operations with parameters that are all given."""
    model = model_of(service)
    shapes, metadata = model["shapes"], model["metadata"]
    prefix = metadata.get("signingName", metadata["endpointPrefix"])
    operations = {
        name: made(shapes, found["input"]["shape"], "named", prefix, deepest) or {}
        for name, found in model["operations"].items()
        if "input" in found
    }
    return model, operations


def compared(service, deepest):
    """Return calls of all operations, what is kept of them, and what is wrong with that.

    Which needs that adds, and which texts are sensitive and in no need.
    """
    model, operations = calls_of(service, deepest)
    lines = [
        f"boto3.client({service!r}).{python_name(name)}("
        + ", ".join(f"**{ {key: value}!r}" for key, value in given.items())
        + ")"
        for name, given in operations.items()
    ]
    source = "\n".join(["import boto3", *lines])
    reading = read({"app.py": source.encode()}, {}, SERVICES)
    different, kept, resources = [], {}, {}
    for use in reading.uses:
        name, given = use.operation, operations[use.operation]
        kept[name] = KEEPING.kept(given, service, name)
        recorded = as_recorded(service, name, given)
        known = tuple((key, value_of(value)) for key, value in given.items())
        whole = use if deepest <= DEEPEST_IN_CODE else replace(use, params=known)
        asked = {(need.action, need.resource) for need in needs(recorded, reading.engine)[0]}
        as_read = {(need.action, need.resource) for need in needs(whole, reading.engine)[0]}
        resources[name] = " ".join(resource for _, resource in as_read)
        different += [(name, *need) for need in sorted(asked - as_read)]
    texts = [
        (name, text)
        for name, given in operations.items()
        for text in sensitive(model["shapes"], model["operations"][name]["input"]["shape"], given)
        # What is part of the ARN that a policy names is no secret.
        if json.dumps(text) in json.dumps(kept.get(name))
        and text.rpartition("/")[2] not in resources[name]
    ]
    return operations, kept, different, texts


@pytest.mark.parametrize("deepest", [DEEPEST_IN_CODE, DEEPEST])
@pytest.mark.parametrize("service", COMMON)
def test_a_call_with_all_that_it_takes_needs_no_more_as_it_is_recorded(service, deepest):
    operations, kept, different, texts = compared(service, deepest)

    assert kept.keys() == operations.keys()
    assert different == []
    assert texts == []


# --- rules -------------------------------------------------------------------------------------

TRANSCRIPTIONS = [
    ("transcribe", f"Start{kind}Job")
    for kind in ("CallAnalytics", "MedicalTranscription", "Transcription")
]
RULED = sorted(
    {*by_caller._RULES, *TRANSCRIPTIONS, *(rule for rule in itself._RULES if rule[1] != "*")}
)


def needed(use):
    return {(need.action, need.resource) for need in needs(use, ENGINE)[0]}


@pytest.mark.parametrize(("service", "operation"), RULED)
def test_a_call_with_any_two_of_what_it_takes_needs_the_same_as_it_is_recorded(service, operation):
    model, operations = calls_of(service, DEEPEST_IN_CODE)
    given = operations[operation]
    required = model["shapes"][model["operations"][operation]["input"]["shape"]].get("required", ())
    others = sorted(given.keys() - required)
    pairs = list(itertools.combinations(others, min(2, len(others))))

    different = []
    for pair in pairs:
        params = {name: given[name] for name in (*required, *pair) if name in given}
        recorded = as_recorded(service, operation, params)
        known = tuple((name, value_of(value)) for name, value in params.items())
        if needed(recorded) != needed(replace(recorded, params=known)):
            different.append(pair)

    assert pairs
    assert different == []


@pytest.mark.parametrize(("service", "operation"), roles.MORE)
def test_a_role_that_a_rule_knows_is_kept(service, operation):
    value = "arn:aws:iam::123456789012:role/r"
    for step in reversed(roles.MORE[service, operation].replace("!", "").split(".")):
        value = {step.replace("*", "Any"): value}

    assert KEEPING.kept(value, service, operation) == value


@pytest.mark.parametrize("service", TOKENS)
def test_what_a_token_is_made_of_is_kept(service):
    for method, names in TOKENS[service].items():
        params = {name: f"named-{name}" for name in names}

        assert KEEPING.kept(params, service, method) == params
