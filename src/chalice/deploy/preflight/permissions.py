"""What Lambda does as the role of a function when it takes it, and the role does not allow.

Known without a call is only what a role has that the template makes: the policies in it. What roles
of the account may do is not looked up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice import iam
from chalice.config.reader import as_list, as_object
from chalice.diagnostics import Problem
from chalice.expressions import is_expression, resolved
from chalice.iam import by_lambda
from chalice.resources.kinds import FUNCTION, MANAGED_POLICY, POLICY, ROLE, ROLE_POLICY
from chalice.resources.parts import role_in
from chalice.template.acting import Acting

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chalice.deploy.preflight.coming import Coming
    from chalice.template.acting import Asked

# What may give a role more than it has in itself.
_BESIDE = frozenset({MANAGED_POLICY, POLICY, ROLE_POLICY})
_ANYTHING = "*"


def not_allowed(document: Mapping[str, Any], coming: Sequence[Coming]) -> Iterator[Problem]:
    """Yield what roles that *document* makes do not allow, and functions that run as them need.

    Args:
        document: the template.
        coming: its resources.
    """
    types = {as_object(item).get("Type") for item in as_object(document.get("Resources")).values()}
    if "Transform" in document or types & _BESIDE:
        return
    items = {item.logical_id: item for item in coming}
    every = Acting.of(document, {}).asked
    for item in coming:
        role = items.get(role_in(item.properties))
        if item.type != FUNCTION or role is None or role.type != ROLE:
            continue
        statements = _statements(role)
        if statements is not None:
            yield from _settings(item, role, statements)
            own = [asked for asked in every if asked.function == item.logical_id]
            yield from _others(own, items, role, statements)


def _settings(
    item: Coming, role: Coming, statements: Sequence[Mapping[str, Any]]
) -> Iterator[Problem]:
    """Yield what settings of the function *item* need, unless Lambda has taken it before."""
    if not item.differs("Role", "TracingConfig", "VpcConfig"):
        return
    for setting in by_lambda.settings(item.properties):
        if not _allowed(statements, setting.checked):
            what = f"function `{item.logical_id}` {setting.what}"
            where = item.where(setting.name)
            yield _problem(role, what, [setting.checked], where, "every resource (`*`)")


# What Lambda looks at the role for besides. Sources, which quote "The provided execution role does
# not have permissions to call SendMessage on SQS" and the like: of a dead letter queue
# aws-samples/aws-serverless-ecommerce-platform#41, of destinations aws-amplify/amplify-js#9869, of
# event sources aws/aws-cdk#6770.
_CHECKED = frozenset({"DeadLetterConfig", "DestinationConfig", "EventSourceArn"})


def _others(
    every: Sequence[Asked],
    items: Mapping[str, Coming],
    role: Coming,
    statements: Sequence[Mapping[str, Any]],
) -> Iterator[Problem]:
    """Yield what one function needs for its targets and sources, unless it had it before."""
    missing: dict[str, tuple[Asked, list[str]]] = {}
    for asked in every:
        name, _, of = asked.key.partition(".")
        if of not in _CHECKED or asked.statement is None or name not in items:
            continue
        if items[name].differs(of) or items[asked.function].differs("Role"):
            # Some of it is asked on another resource.
            wanted = missing.setdefault(asked.key, (asked, []))[1]
            on = resolved(asked.statement["Resource"], role.written.values)
            actions: Sequence[str] = asked.statement["Action"]
            wanted += [one for one in actions if not _allowed(statements, one, on)]
    for asked, unmet in missing.values():
        name, _, of = asked.key.partition(".")
        if unmet:
            what = f"function `{asked.function}` needs it for {asked.what}"
            yield _problem(role, what, unmet, items[name].where(of), "what is named there")


def _allowed(statements: Sequence[Mapping[str, Any]], action: str, on: object = _ANYTHING) -> bool:
    return any(_allows(one, action) and _is_about(one, on) for one in statements)


def _problem(role: Coming, what: str, actions: Sequence[str], where: str, resource: str) -> Problem:
    names = ", ".join(f"`{action}`" for action in actions)
    summary = f"{what}, and its role `{role.logical_id}` does not allow {names}"
    hint = f"allow it in the policy of that role, on {resource}"
    # A role that is there may have been given more than the template says.
    severity = "error" if role.is_new else "warning"
    return Problem("role-permission", summary, where, hint, severity)


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


def _is_about(statement: Mapping[str, Any], on: object) -> bool:
    """Return whether a statement may be about the resource *on*, a text or an expression."""
    excluded = statement.get("NotResource")
    if excluded is not None:
        return all(_covers(pattern, on) is not True for pattern in iam.listed(excluded))
    # One that names none is refused elsewhere.
    patterns = iam.listed(statement.get("Resource", _ANYTHING))
    return any(_covers(pattern, on) is not False for pattern in patterns)


def _covers(pattern: object, on: object) -> bool | None:
    """Return whether *on* is what *pattern* says; None where only AWS knows."""
    if pattern in (_ANYTHING, on):
        return True
    if not isinstance(pattern, str) or not isinstance(on, str) or "${" in pattern + on:
        return None
    # Of several that are asked, a part may do: some objects of a bucket.
    return None if "*" in on else iam.matches(pattern, on)
