"""What one policy document grants that another does not.

A grant is one action on one resource. It is covered by another that has the same effect and stands
for at least as much: `s3:*` covers `s3:Get*`, and what has no condition covers what has one. Grants
are compared one by one: what only several of the other document cover together is gained or lost.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from chalice.expressions import as_text, is_expression
from chalice.iam import listed, matches, statements
from chalice.permissions.covering import Patterns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: A character that no policy has. Source: IAM user guide, "IAM and AWS STS quotas": documents hold
#: characters up to U+00FF.
_OTHER = "\ue000"

#: Stands for the actions of a statement that only CloudFormation knows.
SOMETHING = "what an expression comes to"

#: Stars of one text, each of which is tried as nothing and as much.
_MOST_STARS = 6


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One action on one resource.

    Attributes:
        action: as written; `not A, B` for a NotAction.
        resource: a text, an expression of CloudFormation as `Fn::Sub` has it or as JSON; `not ...`
            for a NotResource.
        condition: as JSON; empty where there is none.
        allows: whether the effect is Allow.
    """

    action: str
    resource: str
    condition: str = ""
    allows: bool = True


@dataclass(frozen=True, slots=True)
class Changes:
    """How the grants of a policy change, each in order.

    Attributes:
        gained: grants of the later document that none of the earlier covers.
        lost: grants of the earlier document that none of the later covers.
    """

    gained: tuple[Grant, ...]
    lost: tuple[Grant, ...]


def changes(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    values: Mapping[str, str] | None = None,
    *,
    earlier_values: Mapping[str, str] | None = None,
) -> Changes:
    """Return what *after* grants more and less than *before*.

    Args:
        before: a policy document, with or without expressions of CloudFormation.
        after: another one.
        values: what stands for pseudo parameters, where one document has them and the other what
            they came to: `{"AWS::Region": "us-east-1"}`.
        earlier_values: the same for *before*; as for *after* unless given.
    """
    values = values or {}
    earlier = sorted(set(grants(before, values if earlier_values is None else earlier_values)))
    later = sorted(set(grants(after, values)))
    old, new = _Index(earlier), _Index(later)
    return Changes(
        tuple(item for item in later if not old.covers(item)),
        tuple(item for item in earlier if not new.covers(item)),
    )


class _Index:
    """The grants of a document, found by what they may cover: documents have thousands."""

    def __init__(self, grants: Iterable[Grant]) -> None:
        actions: dict[tuple[bool, str, str], set[str]] = {}
        for item in grants:
            key = item.allows, item.condition, item.resource
            actions.setdefault(key, set()).add(item.action.lower())
        self._actions = {key: (found, Patterns(found)) for key, found in actions.items()}
        self._resources = Patterns({resource for _, _, resource in actions})
        self._wide: dict[str, list[str]] = {}

    def covers(self, grant: Grant) -> bool:
        """Return whether one of the grants is about all that *grant* is about."""
        return any(
            self._has(grant, condition, resource)
            for resource in self._covering(grant.resource)
            for condition in dict.fromkeys(("", grant.condition))
        )

    def _has(self, grant: Grant, condition: str, resource: str) -> bool:
        found = self._actions.get((grant.allows, condition, resource))
        if found is None:
            return False
        actions, patterns = found
        action = grant.action.lower()
        return action in actions or any(covers(wide, action) for wide in patterns.near(action))

    def _covering(self, resource: str) -> list[str]:
        """Return the resources that cover *resource*, itself among them."""
        found = self._wide.get(resource)
        if found is None:
            near = (wide for wide in self._resources.near(resource) if covers(wide, resource))
            found = self._wide[resource] = [*dict.fromkeys((resource, *near))]
        return found


def covers(wide: str, narrow: str) -> bool:
    """Return whether *wide* matches whatever *narrow* matches; both may have wildcards.

    >>> covers("s3:Get*", "s3:Get*Acl"), covers("s3:Get?", "s3:Get*")
    (True, False)
    """
    if wide == narrow:
        return True
    if "not " in (wide[:4], narrow[:4]) or narrow.count("*") > _MOST_STARS:
        return wide == "*"
    # Whatever stands for a star of the narrow one is caught by a star of the wide one only: it is
    # longer than what its question marks take.
    parts = narrow.replace("?", _OTHER).split("*")
    fillings = product(("", _OTHER * (len(wide) + 1)), repeat=len(parts) - 1)
    return all(
        matches(
            wide,
            "".join(f"{part}{filling}" for part, filling in zip(parts, (*one, ""), strict=True)),
        )
        for one in fillings
    )


def grants(document: Mapping[str, Any], values: Mapping[str, str]) -> Iterator[Grant]:
    """Yield what a policy document grants, one by one; arguments as for `changes`."""
    for statement in statements(document):
        if is_expression(statement):
            yield Grant(SOMETHING, as_text(statement, values))
            continue
        condition = statement.get("Condition")
        shown = json.dumps(condition, sort_keys=True) if condition else ""
        for action, resource in product(
            _texts(statement, "Action", values), _texts(statement, "Resource", values)
        ):
            yield Grant(action, resource, shown, statement.get("Effect") == "Allow")


def _texts(statement: Mapping[str, object], key: str, values: Mapping[str, str]) -> list[str]:
    name = key if key in statement else f"Not{key}"
    found = [as_text(item, values) for item in listed(statement.get(name))]
    return found if name == key else [f"not {', '.join(sorted(found))}"]
