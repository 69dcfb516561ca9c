"""The policies of the roles of a template: which those are, and whether IAM takes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalice.config.reader import as_list, as_object
from chalice.diagnostics import Problem
from chalice.expressions import reference_of
from chalice.resources.kinds import MANAGED_POLICY, POLICY, ROLE, ROLE_POLICY
from chalice.resources.limits import (
    MAX_MANAGED_POLICIES,
    MAX_MANAGED_POLICY,
    MAX_ROLE_POLICY,
    policy_size,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies of one role.

    Attributes:
        inline: the documents that are its own.
        managed: those of managed policies of the template.
        others: what other managed policies are named by.
    """

    inline: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    managed: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    others: list[Any] = field(default_factory=list[Any])


def policies_of(resources: Mapping[str, Any]) -> dict[str, Policies]:
    """Return the policies of each role, by its logical id.

    Args:
        resources: of a template, by logical id.
    """
    properties = {name: as_object(item.get("Properties")) for name, item in resources.items()}
    types = {name: item.get("Type") for name, item in resources.items()}
    found = {name: Policies() for name, kind in types.items() if kind == ROLE}
    for name, policies in found.items():
        inline = as_list(properties[name].get("Policies"))
        policies.inline.extend(as_object(as_object(one).get("PolicyDocument")) for one in inline)
        for named in as_list(properties[name].get("ManagedPolicyArns")):
            own = reference_of(named)[0]
            if types.get(own) == MANAGED_POLICY:
                policies.managed.append(as_object(properties[own].get("PolicyDocument")))
            else:
                policies.others.append(named)
    for name, kind in types.items():
        document = as_object(properties[name].get("PolicyDocument"))
        for role in _roles(kind, properties[name]):
            if role in found:
                policies = found[role]
                (policies.managed if kind == MANAGED_POLICY else policies.inline).append(document)
    return found


def _roles(kind: object, properties: Mapping[str, Any]) -> list[str]:
    """Return the roles of the template that a policy is attached to by itself."""
    if kind in (MANAGED_POLICY, POLICY):
        return [reference_of(role)[0] for role in as_list(properties.get("Roles"))]
    return [reference_of(properties.get("RoleName"))[0]] if kind == ROLE_POLICY else []


def problems_of_roles(
    resources: Mapping[str, Any], where: Callable[[str, str], str]
) -> Iterator[Problem]:
    """Yield which policies are more or longer than IAM takes.

    What hangs on expressions, or on a quota that AWS raises on request, is a warning. Resources
    that have a condition may never be made, and do not count.

    Args:
        resources: of a template, by logical id.
        where: returns the place of a property of a resource.
    """
    certain = {name: item for name, item in resources.items() if "Condition" not in item}
    for role, policies in policies_of(certain).items():
        what = f"the policies of role `{role}` have"
        place = where(role, "Policies")
        yield from _too_long(what, policies.inline, MAX_ROLE_POLICY, place, "a managed policy")
        count = len(policies.managed) + len(policies.others)
        if count > MAX_MANAGED_POLICIES:
            summary = f"role `{role}` has {count} managed policies"
            hint = f"IAM takes {MAX_MANAGED_POLICIES}, unless AWS has granted more: write fewer"
            place = where(role, "ManagedPolicyArns")
            yield Problem("role-policy-count", summary, place, hint, "warning")
    for name, item in certain.items():
        if item.get("Type") == MANAGED_POLICY:
            document = as_object(as_object(item.get("Properties")).get("PolicyDocument"))
            what = f"the managed policy `{name}` has"
            place = where(name, "PolicyDocument")
            yield from _too_long(what, [document], MAX_MANAGED_POLICY, place, "several policies")


def _too_long(
    what: str, documents: Sequence[Mapping[str, Any]], most: int, where: str, instead: str
) -> Iterator[Problem]:
    size = sum(map(policy_size, documents))
    if size <= most:
        return
    is_certain = sum(policy_size(document, least=True) for document in documents) > most
    summary = f"{what} about {size} characters"
    hint = f"IAM takes {most}: write fewer statements, or {instead}"
    yield Problem("role-policy-size", summary, where, hint, "error" if is_certain else "warning")
