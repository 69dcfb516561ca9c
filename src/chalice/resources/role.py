"""Roles that functions run as.

Functions whose policy nobody wrote share `DefaultRole`, one with a policy file has its own role, as
in the template of AWS Chalice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.config.reader import as_list, as_object
from chalice.diagnostics import Problem
from chalice.model.names import API_HANDLER, logical_id
from chalice.resources.function import all_log_groups, log_group_id
from chalice.resources.kinds import ROLE
from chalice.resources.limits import MAX_ROLE_POLICY, policy_size
from chalice.resources.parts import Resource, arn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from chalice.config import FunctionSettings, Settings
    from chalice.model.declared import Function
    from chalice.resources.parts import Value, Written

DEFAULT_ROLE = "DefaultRole"

_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}

# Lambda makes the network interfaces of a function as the function's role.
# Source: Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC",
# "Required IAM permissions"; DescribeNetworkInterfaces takes no resource but `*`.
_VPC = {
    "Effect": "Allow",
    "Action": [
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
    ],
    "Resource": "*",
}

# Source: Lambda developer guide, "Visualize Lambda function invocations using AWS X-Ray",
# "Execution role permissions"; neither action takes a resource.
_XRAY = {
    "Effect": "Allow",
    "Action": ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
    "Resource": "*",
}


def role_of(configured: FunctionSettings) -> Value:
    """Return the ARN of the role that a function runs as."""
    if not configured.manage_iam_role and configured.iam_role_arn is not None:
        return configured.iam_role_arn
    return arn(DEFAULT_ROLE if configured.autogen_policy else role_id(configured.name))


def role_id(function_name: str) -> str:
    """Return the logical id of the role that a function has to itself, as AWS Chalice's.

    >>> role_id("api_handler"), role_id("my_auth")
    ('ApiHandlerRole', 'MyAuthRole')
    """
    # Observed of AWS Chalice 1.34: only the function itself is written `API...`.
    return "ApiHandlerRole" if function_name == API_HANDLER else f"{logical_id(function_name)}Role"


def roles(
    functions: Sequence[Function],
    settings: Settings,
    policies: Mapping[str, Mapping[str, Any]],
    written: Written,
) -> Iterator[Resource]:
    """Yield the roles that the stack makes: the shared one, then those with a policy file.

    Args:
        functions: all functions.
        settings: the stage.
        policies: what the source code of functions was found to need, by function.
        written: where the configuration sets what.
    """
    managed = [item for item in functions if settings.function(item.name).manage_iam_role]
    sharing = [item for item in managed if settings.function(item.name).autogen_policy]
    if sharing:
        document = _shared_policy(sharing, settings, policies)
        yield _role(DEFAULT_ROLE, document, str(sharing[0].where))
    for item in managed:
        configured = settings.function(item.name)
        if not configured.autogen_policy and configured.policy is not None:
            where = _policy_place(item, written)
            yield _role(role_id(item.name), configured.policy, where)


def problems_of_roles(
    functions: Sequence[Function], settings: Settings, made: Iterable[Resource], written: Written
) -> Iterator[Problem]:
    """Yield what is wrong with the policies of roles: one that is missing, or too long."""
    for item in functions:
        configured = settings.function(item.name)
        own = configured.manage_iam_role and not configured.autogen_policy
        if own and configured.policy is None:
            file = configured.iam_policy_file or f"policy-{settings.stage}.json"
            summary = f"there is no policy for function `{item.name}` in `.chalice/{file}`"
            hint = "make the file, or set `autogen_policy` to true"
            yield Problem("config-file-missing", summary, _policy_place(item, written), hint)
    for role in made:
        size = sum(policy_size(item["PolicyDocument"]) for item in role.properties["Policies"])
        if size > MAX_ROLE_POLICY:
            summary = f"the policy of role `{role.logical_id}` has about {size} characters"
            hint = f"IAM takes {MAX_ROLE_POLICY}: write fewer statements, or a role of your own"
            yield Problem("role-policy-size", summary, role.where, hint)


def _policy_place(declared: Function, written: Written) -> str:
    keys = ("iam_policy_file", "autogen_policy")
    places = (written(key, declared.name) for key in keys)
    return next((place for place in places if place), str(declared.where))


def _role(name: str, document: Mapping[str, Any], where: str) -> Resource:
    return Resource(
        name,
        ROLE,
        {
            "AssumeRolePolicyDocument": _TRUST,
            "Policies": [{"PolicyName": f"{name}Policy", "PolicyDocument": document}],
        },
        where=where,
    )


def _shared_policy(
    functions: Sequence[Function],
    settings: Settings,
    policies: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    others = _statements(functions, settings, policies)
    groups: list[Any] = [arn(log_group_id(item.name)) for item in functions]
    document = _policy([_logging(groups), *others])
    if policy_size(document) <= MAX_ROLE_POLICY:
        return document
    # So many that their names do not fit: one pattern stands for all of the stack's.
    return _policy([_logging([all_log_groups()]), *others])


def _policy(statements: list[Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}


def _statements(
    functions: Sequence[Function],
    settings: Settings,
    policies: Mapping[str, Mapping[str, Any]],
) -> list[Any]:
    configured = [settings.function(item.name) for item in functions]
    statements: list[Any] = []
    if any(item.subnet_ids for item in configured):
        statements.append(_VPC)
    if any(item.xray for item in configured):
        statements.append(_XRAY)
    for item in functions:
        found: object = policies.get(item.name, {}).get("Statement")
        # IAM takes one statement without a list around it, too.
        for statement in as_list(found) or [as_object(found)]:
            if statement and statement not in statements:
                statements.append(statement)
    return statements


def _logging(groups: list[Any]) -> dict[str, Any]:
    """Return the statement that lets functions write into *groups*, which are there."""
    return {
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": groups,
    }
