"""What Lambda does as the role of a function when it takes it, and the role does not allow.

Known without a call is only what a role has that the template makes: the policies in it. What roles
of the account may do is not looked up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice import iam
from chalice.config.reader import as_list, as_object
from chalice.diagnostics import Problem
from chalice.expressions import is_expression
from chalice.iam import by_lambda
from chalice.resources.kinds import FUNCTION, MANAGED_POLICY, POLICY, ROLE, ROLE_POLICY
from chalice.resources.parts import role_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chalice.deploy.preflight.coming import Coming
    from chalice.iam.by_lambda import Setting

# What may give a role more than it has in itself.
_BESIDE = frozenset({MANAGED_POLICY, POLICY, ROLE_POLICY})


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
        role = roles.get(role_in(item.properties))
        if item.type != FUNCTION or role is None:
            continue
        if not item.differs("Role", "TracingConfig", "VpcConfig"):
            continue  # Lambda has taken it before
        statements = _statements(role)
        if statements is None:
            continue
        for setting in by_lambda.settings(item.properties):
            if not any(_allows(statement, setting.checked) for statement in statements):
                yield _problem(item, role, setting)


def _problem(item: Coming, role: Coming, setting: Setting) -> Problem:
    summary = (
        f"function `{item.logical_id}` {setting.what}, and its role `{role.logical_id}` does not"
        f" allow `{setting.checked}`"
    )
    hint = "allow it in the policy of that role, on every resource (`*`)"
    # A role that is there may have been given more than the template says.
    severity = "error" if role.is_new else "warning"
    return Problem("role-permission", summary, item.where(setting.name), hint, severity)


def _statements(role: Coming) -> list[Mapping[str, Any]] | None:
    """Return what the policies in *role* say; None where only CloudFormation knows."""
    policies: object = role.properties.get("Policies")
    if role.properties.get("ManagedPolicyArns") or is_expression(policies):
        return None
    documents = [as_object(policy).get("PolicyDocument") for policy in as_list(policies)]
    if any(is_expression(as_object(item).get("Statement", item)) for item in documents):
        return None
    found = [statement for document in documents for statement in iam.statements(document)]
    # What is none, an expression, and what is nothing of the sort.
    return found if all("Effect" in statement for statement in found) else None


def _allows(statement: Mapping[str, Any], action: str) -> bool:
    """Return whether a statement may allow *action*; conditions are taken to hold."""
    if statement.get("Effect") == "Deny":
        return False
    excluded = statement.get("NotAction")
    named = excluded if excluded is not None else statement.get("Action")
    patterns = iam.listed(named)
    if not all(isinstance(pattern, str) for pattern in patterns):
        return True  # what an expression comes to is not known
    # Source: IAM user guide, "IAM JSON policy elements: Action": names are not case-sensitive.
    listed = any(iam.matches(str(pattern).lower(), action.lower()) for pattern in patterns)
    return listed if excluded is None else not listed
