"""The environment variables that merged templates give functions, as code is read with them.

What a template makes is named by expressions, and so is what stands for it here: a text in which
marks are where CloudFormation fills something in, just as for pseudo parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.config.reader import as_list, as_object
from chalice.expressions import filled, reference_of
from chalice.permissions.reading.values import ACCOUNT, HOLE, PARTITION, REGION, pseudo

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalice.template.merging import Theirs

_HERE = f"{REGION}:{ACCOUNT}"

# What the ARN of a type has before its name, and the attribute that is the name; that is `Ref`
# where there is none. Sources: CloudFormation template reference, "Return values" of each type;
# Service Authorization Reference, "Resource types" of each service.
_NAMED: Mapping[str, tuple[str, str]] = {
    "AWS::Cognito::UserPool": (f"cognito-idp:{_HERE}:userpool/", ""),
    "AWS::DynamoDB::GlobalTable": (f"dynamodb:{_HERE}:table/", ""),
    "AWS::DynamoDB::Table": (f"dynamodb:{_HERE}:table/", ""),
    "AWS::Events::EventBus": (f"events:{_HERE}:event-bus/", ""),
    "AWS::KMS::Key": (f"kms:{_HERE}:key/", ""),
    "AWS::Kinesis::Stream": (f"kinesis:{_HERE}:stream/", ""),
    "AWS::Lambda::Function": (f"lambda:{_HERE}:function:", ""),
    "AWS::S3::Bucket": ("s3:::", ""),
    "AWS::SNS::Topic": (f"sns:{_HERE}:", "TopicName"),
    "AWS::SQS::Queue": (f"sqs:{_HERE}:", "QueueName"),
    "AWS::StepFunctions::StateMachine": (f"states:{_HERE}:stateMachine:", "Name"),
}

# Attributes that are the ARN; of these types `Ref` is it, too. Source: as above.
_ARNS = frozenset({"Arn", "TopicArn"})
_REF_IS_ARN = frozenset({"AWS::SNS::Topic", "AWS::StepFunctions::StateMachine"})

# Source: CloudFormation template reference, AWS::SQS::Queue, "Return values": `Ref` and `QueueUrl`
# are the URL.
_QUEUE, _URL = "AWS::SQS::Queue", frozenset({"", "QueueUrl"})

Variables = dict[str, dict[str, "str | None"]]


def variables_of(merged: Sequence[Theirs]) -> Variables:
    """Return the variables that templates set, by the logical id of the function.

    One that is removed is None; one of which nobody knows what it comes to may be any text.

    Args:
        merged: the templates, in the order in which they are merged.
    """
    types: dict[str, str] = {}
    found: Variables = {}
    for theirs in merged:
        resources = as_object(theirs.value.get("Resources"))
        types |= {name: str(as_object(item).get("Type")) for name, item in resources.items()}
        for name, item in resources.items():
            environment = as_object(as_object(as_object(item).get("Properties")).get("Environment"))
            for key, value in as_object(environment.get("Variables")).items():
                found.setdefault(name, {})[key] = value
    return {
        name: {
            key: None if value is None else _text(value, types) for key, value in variables.items()
        }
        for name, variables in found.items()
    }


def _text(value: Any, types: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    name, attribute = reference_of(value)
    if name:
        return _named(name, attribute, types)
    match value:
        case {"Fn::Sub": str(template)}:
            return filled(template, lambda item: _named(*_parted(item), types))
        case {"Fn::Join": [str(between), [*_]]}:
            return between.join(_text(item, types) for item in as_list(value["Fn::Join"][1]))
        case _:
            return HOLE


def _parted(reference: str) -> tuple[str, str]:
    name, _, attribute = reference.partition(".")
    return name, attribute


def _named(name: str, attribute: str, types: Mapping[str, str]) -> str:
    """Return what a `Ref` or an attribute of something comes to."""
    if name.startswith("AWS::"):
        return pseudo(name)
    kind = types.get(name, "")
    if kind not in _NAMED:
        return HOLE
    begin, named_by = _NAMED[kind]
    own = pseudo(f"{name}.{named_by}" if named_by else name)
    if kind == _QUEUE and attribute in _URL:
        return f"https://sqs.{REGION}.{pseudo('AWS::URLSuffix')}/{ACCOUNT}/{own}"
    if attribute in _ARNS or (not attribute and kind in _REF_IS_ARN):
        return f"arn:{PARTITION}:{begin}{own}"
    return own if attribute == named_by else HOLE
