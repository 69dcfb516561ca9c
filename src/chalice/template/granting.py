"""What roles of a template are given besides: statements into policies that they have or get.

A role is there before what runs as it. What a statement names may itself wait for the role: a
function that is a target, a topic that such a function subscribes to. CloudFormation takes no
circle, so that statement goes into a policy of its own, which waits for both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, count
from typing import TYPE_CHECKING, Any

from chalice.config.reader import as_list, as_object
from chalice.expressions import reference_of
from chalice.iam import document_of, statements
from chalice.resources.kinds import MANAGED_POLICY, POLICY
from chalice.resources.limits import MAX_MANAGED_POLICY, MAX_ROLE_POLICY, policy_size
from chalice.resources.parts import ref
from chalice.template.references import references_in
from chalice.template.roles import policies_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(slots=True)
class Given:
    """A statement, and what needs it.

    Attributes:
        statement: as a document has it.
        where: the place of what needs it.
        users: the resources that AWS makes only if it is granted.
    """

    statement: Mapping[str, Any]
    where: str
    users: list[str] = field(default_factory=list[str])


def with_policies(
    document: Mapping[str, Any], role: str, given: Sequence[Given]
) -> tuple[Mapping[str, Any], dict[str, str]]:
    """Return *document* with what a role does not have yet of *given*, and places of what is made.

    It is in an inline policy of the role, in managed ones without room, and apart where it has to
    wait for what waits for the role.

    Args:
        document: a template.
        role: the logical id of the role.
        given: statements.
    """
    resources: dict[str, Any] = dict(as_object(document["Resources"]))
    inline = policies_of(resources)[role].inline
    known = [one for item in inline for one in statements(item)]
    missing = [item for item in given if item.statement not in known]
    if not missing:
        return document, {}
    later = _waiting(resources, role)
    apart = [item for item in missing if not later.isdisjoint(_names(item.statement))]
    places = _in_role(resources, role, [item for item in missing if item not in apart], inline)
    groups: dict[tuple[str, ...], list[Given]] = {}
    for item in apart:
        groups.setdefault(tuple(item.users), []).append(item)
    for users, group in groups.items():
        inline = policies_of(resources)[role].inline
        places.update(_beside(resources, role, group, inline, users))
    return {**document, "Resources": resources}, places


def untangled(document: Mapping[str, Any], role: str) -> tuple[Mapping[str, Any], list[str]]:
    """Return *document* without a circle through what a role has, and what policies that made.

    Code may name what a template makes, in variables that the template sets.

    Args:
        document: a template.
        role: the logical id of the role, whose policies are written from the code.
    """
    resources: dict[str, Any] = dict(as_object(document["Resources"]))
    later = _waiting(resources, role)
    properties = as_object(as_object(resources[role])["Properties"])
    apart: list[Given] = []
    kept: list[Any] = []
    for policy in as_list(properties.get("Policies")):
        own = statements(policy["PolicyDocument"])
        waiting = [one for one in own if not later.isdisjoint(_names(one))]
        apart += (Given(one, "") for one in waiting)
        left = {**policy["PolicyDocument"], "Statement": [one for one in own if one not in waiting]}
        kept.append({**policy, "PolicyDocument": left} if waiting else policy)
    changed: dict[str, Any] = {"Policies": kept} if apart else {}
    attached = as_list(properties.get("ManagedPolicyArns"))
    managed = [reference_of(one)[0] for one in attached]
    turned = [name for name in managed if name in later]
    if turned:
        changed["ManagedPolicyArns"] = [one for one in attached if one not in map(ref, turned)]
    if changed:
        resources[role] = {**resources[role], "Properties": {**properties, **changed}}
    for name in turned:
        own_role = {**resources[name]["Properties"], "Roles": [ref(role)]}
        resources[name] = {**resources[name], "Properties": own_role}
    made: list[str] = []
    if apart:
        made += _beside(resources, role, apart, policies_of(resources)[role].inline, ())
    return {**document, "Resources": resources}, made


def _in_role(
    resources: dict[str, Any],
    role: str,
    missing: Sequence[Given],
    inline: Sequence[Mapping[str, Any]],
) -> dict[str, str]:
    """Put *missing* into policies of a role, and return the places of those that are made."""
    if not missing:
        return {}
    properties = as_object(as_object(resources[role])["Properties"])
    name = f"{role}TemplatePolicy"
    more = document_of([item.statement for item in missing])
    made: dict[str, Any] = {}
    if _fits(inline, more):
        own = as_list(properties.get("Policies"))
        added = {"Policies": [*own, {"PolicyName": name, "PolicyDocument": more}]}
    else:
        for one, part in zip(_free(name, resources), _parted(missing), strict=False):
            made[one] = {"Type": MANAGED_POLICY, "Properties": {"PolicyDocument": part}}
        attached = as_list(properties.get("ManagedPolicyArns"))
        added = {"ManagedPolicyArns": [*attached, *map(ref, made)]}
    whole = {**resources[role], "Properties": {**properties, **added}}
    resources.update({**made, role: whole})
    return dict.fromkeys(made, missing[0].where)


def _beside(
    resources: dict[str, Any],
    role: str,
    group: Sequence[Given],
    inline: Sequence[Mapping[str, Any]],
    users: Sequence[str],
) -> dict[str, str]:
    """Put *group* into policies that are attached to a role, for which *users* wait."""
    documents = [document_of([item.statement for item in group])]
    is_inline = _fits(inline, documents[0])
    if not is_inline:
        documents = _parted(group)
    made: dict[str, Any] = {}
    for name, item in zip(_free(f"{role}LaterPolicy", resources), documents, strict=False):
        named = {"PolicyName": name} if is_inline else {}
        properties = {**named, "PolicyDocument": item, "Roles": [ref(role)]}
        kind = POLICY if is_inline else MANAGED_POLICY
        made[name] = {"Type": kind, "Properties": properties}
    resources.update(made)
    for user in users:
        before: object = resources[user].get("DependsOn")
        listed = [before] if isinstance(before, str) else as_list(before)
        resources[user] = {**resources[user], "DependsOn": [*listed, *made]}
    return dict.fromkeys(made, group[0].where)


def _fits(inline: Sequence[Mapping[str, Any]], more: Mapping[str, Any]) -> bool:
    return sum(map(policy_size, inline)) + policy_size(more) <= MAX_ROLE_POLICY


def _free(name: str, resources: Mapping[str, Any]) -> Iterator[str]:
    """Yield logical ids that begin with *name* and that no resource has."""
    numbered = (f"{name}{number}" for number in count(2))
    return (one for one in chain([name], numbered) if one not in resources)


def _parted(missing: Sequence[Given]) -> list[dict[str, Any]]:
    """Return documents that managed policies take; a statement that none takes has its own."""
    parts: list[list[Any]] = [[]]
    for item in missing:
        if (
            parts[-1]
            and policy_size(document_of([*parts[-1], item.statement])) > MAX_MANAGED_POLICY
        ):
            parts.append([])
        parts[-1].append(item.statement)
    return [document_of(part) for part in parts]


# --- what waits for what -------------------------------------------------------------------------


def _names(value: Any) -> set[str]:
    return {name for name, section in references_in(value) if section == "Resources"}


def _waiting(resources: Mapping[str, Any], role: str) -> set[str]:
    """Return what is made only when a role is there, the role among it."""
    # Source: CloudFormation user guide, "DependsOn attribute": dependencies are implied by `Ref`
    # and `Fn::GetAtt`, those in `Fn::Sub` too.
    users: dict[str, set[str]] = {}
    for name, item in resources.items():
        after: object = as_object(item).get("DependsOn")
        listed = {after} if isinstance(after, str) else set(map(str, as_list(after)))
        for other in _names(item) | listed:
            users.setdefault(other, set()).add(name)
    found, left = {role}, [role]
    while left:
        new = users.get(left.pop(), set()) - found
        found |= new
        left += new
    return found
