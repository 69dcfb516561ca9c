"""Functions and the log groups that they write to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.diagnostics import Problem
from chalice.model.names import logical_id
from chalice.resources.kinds import FUNCTION, LOG_GROUP
from chalice.resources.limits import MAX_LAYERS
from chalice.resources.parts import MANAGED_LAYER, Resource, ref

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice.config import FunctionSettings, Settings
    from chalice.model.declared import Function
    from chalice.resources.parts import Code, Value, Written

# The key of the configuration that each property comes from.
_KEYS = {
    "Architectures": "lambda_architecture",
    "Environment": "environment_variables",
    "Layers": "layers",
    "MemorySize": "lambda_memory_size",
    "ReservedConcurrentExecutions": "reserved_concurrency",
    "Role": "iam_role_arn",
    "Runtime": "lambda_python_version",
    "Tags": "tags",
    "Timeout": "lambda_timeout",
    "TracingConfig": "xray",
    "VpcConfig": "subnet_ids",
    "VpcConfig.SecurityGroupIds": "security_group_ids",
}

_LOGS_BEGIN = "/aws/lambda/${AWS::StackName}"


def function(
    declared: Function, settings: Settings, code: Code, role: Value, written: Written
) -> Resource:
    """Return the function *declared*, which runs as *role*.

    It has no name of its own: CloudFormation gives it one, as in the template of AWS Chalice, whose
    functions would be replaced by functions with names.
    """
    configured = settings.function(declared.name)
    properties: dict[str, Any] = {
        "Runtime": runtime(settings),
        "Handler": declared.handler,
        "Code": code.function,
        "Architectures": [settings.lambda_architecture],
        "MemorySize": configured.memory_mb,
        "Timeout": configured.timeout_seconds,
        "Role": role,
        "TracingConfig": {"Mode": "Active" if configured.xray else "PassThrough"},
        "LoggingConfig": {"LogGroup": ref(log_group_id(declared.name))},
        "Tags": tags(configured.tags),
    }
    properties.update(_optional(configured, code))
    places = {
        name: written(key, declared.name)
        for name, key in _KEYS.items()
        if name.partition(".")[0] in properties
    }
    return Resource(
        logical_id(declared.name),
        FUNCTION,
        properties,
        where=str(declared.where),
        written={name: place for name, place in places.items() if place},
    )


def _optional(configured: FunctionSettings, code: Code) -> dict[str, Any]:
    """Return the properties that a function has only where something was configured."""
    found: dict[str, Any] = {}
    if configured.environment:
        found["Environment"] = {"Variables": dict(configured.environment)}
    if configured.subnet_ids:
        found["VpcConfig"] = {
            "SecurityGroupIds": list(configured.security_group_ids),
            "SubnetIds": list(configured.subnet_ids),
        }
    if configured.reserved_concurrency is not None:
        found["ReservedConcurrentExecutions"] = configured.reserved_concurrency
    layers = [*([ref(MANAGED_LAYER)] if code.layer is not None else []), *configured.layers]
    if layers:
        found["Layers"] = layers
    return found


def too_many_layers(
    declared: Function, configured: FunctionSettings, code: Code, written: Written
) -> Iterator[Problem]:
    """Yield a problem where the managed layer is one more than a function may have."""
    if code.layer is not None and len(configured.layers) >= MAX_LAYERS:
        summary = (
            f"function `{declared.name}` has {len(configured.layers)} `layers`, and that of"
            f" `automatic_layer`; Lambda takes {MAX_LAYERS}"
        )
        where = written("layers", declared.name) or str(declared.where)
        yield Problem("function-layers", summary, where, "remove one, or set it to false")


def runtime(settings: Settings) -> str:
    """Return the runtime of the functions, as Lambda calls it: `python3.12`."""
    major, minor = settings.lambda_python
    return f"python{major}.{minor}"


def tags(values: Mapping[str, str]) -> list[dict[str, str]]:
    """Return *values* as resources take tags."""
    return [{"Key": key, "Value": value} for key, value in values.items()]


# --- logs ------------------------------------------------------------------------------------


def log_group_id(function_name: str) -> str:
    """Return the logical id of the log group of a function.

    >>> log_group_id("api_handler"), log_group_id("my_auth")
    ('APIHandlerLogGroup', 'MyAuthLogGroup')
    """
    return f"{logical_id(function_name)}LogGroup"


def log_group(declared: Function, settings: Settings, written: Written) -> Resource:
    """Return the log group of the function *declared*.

    It is not `/aws/lambda/FUNCTION`: that one is made by Lambda when a function first runs without
    a group of its own, so it is there already where AWS Chalice or an earlier stack ran, and a
    stack that makes it again fails. The end of the name is of the stack's id: no stack finds the
    groups that one of the same name left behind. What it held stays when it is replaced.
    """
    name = f"{_LOGS_BEGIN}-{logical_id(declared.name)}-${{Stack}}"
    properties: dict[str, Any] = {"LogGroupName": {"Fn::Sub": [name, {"Stack": _stack_mark()}]}}
    days = settings.function(declared.name).log_retention_days
    if days is not None:
        properties["RetentionInDays"] = days
    place = written("log_retention_in_days", declared.name)
    return Resource(
        log_group_id(declared.name),
        LOG_GROUP,
        properties,
        attributes={"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Retain"},
        where=str(declared.where),
        written={"RetentionInDays": place} if place and days is not None else {},
    )


def all_log_groups() -> dict[str, str]:
    """Return the ARN that stands for the log groups of all functions of the stack."""
    place = "${AWS::Region}:${AWS::AccountId}"
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:logs:{place}:log-group:{_LOGS_BEGIN}-*:*"}


def _stack_mark() -> dict[str, Any]:
    # Source: CloudFormation user guide, "Pseudo parameters reference", `AWS::StackId`:
    # `arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/UUID`; the first group of the UUID is taken.
    uuid = {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}
    return {"Fn::Select": [0, {"Fn::Split": ["-", uuid]}]}
