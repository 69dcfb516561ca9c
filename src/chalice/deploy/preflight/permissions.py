"""What Lambda does as the role of a function when it takes it, and the role does not allow.

Known without a call is only what a role has that the template makes: the policies in it. What roles
of the account may do is not looked up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice import iam
from chalice.config.reader import as_list, as_object
from chalice.diagnostics import Problem
from chalice.resources.kinds import FUNCTION, ROLE
from chalice.resources.parts import is_expression

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chalice.deploy.preflight.coming import Coming

# Source: aws/aws-sam-cli#617 and serverless/serverless#6931, which quote Lambda: "The provided
# execution role does not have permissions to call CreateNetworkInterface on EC2", and
# "PutTraceSegments on XRAY".
_INTERFACES = "ec2:CreateNetworkInterface"
_TRACES = "xray:PutTraceSegments"

# What may give a role more than it has in itself.
_BESIDE = frozenset({"AWS::IAM::ManagedPolicy", "AWS::IAM::Policy", "AWS::IAM::RolePolicy"})


def not_allowed(document: Mapping[str, Any], coming: Sequence[Coming]) -> Iterator[Problem]:
    """Yield what roles that *document* makes do not allow, and functions that run as them need.

    Args:
        document: the template.
        coming: its resources.
    """
    types = {as_object(item).get("Type") for item in as_object(document.get("Resources")).values()}
    if "Transform" in document or types & _BESIDE:
        return
    roles = {item.logical_id: item for item in coming if item.type == ROLE}
    for item in coming:
        role = roles.get(_role_of(item))
        if item.type != FUNCTION or role is None:
            continue
        if not item.differs("Role", "TracingConfig", "VpcConfig"):
            continue  # Lambda has taken it before
        statements = _statements(role)
        if statements is None:
            continue
        for action, what, place in _needed(item):
            if not any(_allows(statement, action) for statement in statements):
                yield _problem(item, role, action, what, place)


def _problem(item: Coming, role: Coming, action: str, what: str, place: str) -> Problem:
    summary = (
        f"function `{item.logical_id}` {what}, and its role `{role.logical_id}` does not allow"
        f" `{action}`"
    )
    hint = "allow it in the policy of that role, on every resource (`*`)"
    # A role that is there may have been given more than the template says.
    severity = "error" if role.is_new else "warning"
    return Problem("role-permission", summary, item.where(place), hint, severity)


def _needed(item: Coming) -> Iterator[tuple[str, str, str]]:
    """Yield the action, why it is needed, and the property that says so."""
    if as_list(as_object(item.properties.get("VpcConfig")).get("SubnetIds")):
        yield _INTERFACES, "is in a VPC", "VpcConfig"
    if as_object(item.properties.get("TracingConfig")).get("Mode") == "Active":
        yield _TRACES, "is traced by X-Ray", "TracingConfig"


def _role_of(item: Coming) -> str:
    """Return the logical id of the role that a function runs as; empty for others."""
    found = as_object(item.properties.get("Role")).get("Fn::GetAtt")
    keys = found.split(".") if isinstance(found, str) else as_list(found)
    return str(keys[0]) if len(keys) == 2 and keys[1] == "Arn" else ""


def _statements(role: Coming) -> list[Mapping[str, Any]] | None:
    """Return what the policies in *role* say; None where only CloudFormation knows."""
    policies: object = role.properties.get("Policies")
    if role.properties.get("ManagedPolicyArns") or is_expression(policies):
        return None
    found: list[Mapping[str, Any]] = []
    for policy in as_list(policies):
        document = as_object(policy).get("PolicyDocument")
        written: object = as_object(document).get("Statement")
        found += map(as_object, as_list(written) or [written])
    # What is none, an expression, and what is nothing of the sort.
    return found if all("Effect" in statement for statement in found) else None


def _allows(statement: Mapping[str, Any], action: str) -> bool:
    """Return whether a statement may allow *action*; conditions are taken to hold."""
    if statement.get("Effect") == "Deny":
        return False
    excluded = statement.get("NotAction")
    named = excluded if excluded is not None else statement.get("Action")
    patterns = as_list(named) or [named]
    if not all(isinstance(pattern, str) for pattern in patterns):
        return True  # what an expression comes to is not known
    # Source: IAM user guide, "IAM JSON policy elements: Action": names are not case-sensitive.
    listed = any(iam.matches(str(pattern).lower(), action.lower()) for pattern in patterns)
    return listed if excluded is None else not listed
