"""How the statements of a role are laid into documents that IAM takes.

All in one inline policy where they fit; else in managed policies, each in the first with room for
it. A statement that is too long for one document is split by its resources or actions: what the
parts grant together is exactly what it granted.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalice.config.reader import as_list
from chalice.diagnostics import Problem
from chalice.iam import OLDER_VERSION, document_of, statements
from chalice.resources.limits import (
    MAX_MANAGED_POLICIES,
    MAX_MANAGED_POLICY,
    MAX_ROLE_POLICY,
    policy_size,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fitted:
    """The documents of a role.

    Attributes:
        inline: the inline policy; None where the statements are in managed ones.
        managed: managed policies by name, in order.
    """

    inline: Document | None
    managed: tuple[tuple[str, Document], ...] = ()


def fit(document: Mapping[str, Any], role: str, where: str) -> Fitted | Problem:
    """Return *document*, or several for it that are small enough, or what is wrong.

    Args:
        document: a policy.
        role: whose it is; managed policies are called by it and a number from 1.
        where: what a problem is about.
    """
    if policy_size(document) <= MAX_ROLE_POLICY:
        return Fitted(dict(document))
    # What a document says of its language is kept: the older one takes variables as they stand.
    # Source: IAM JSON policy elements reference, "Version".
    version = document.get("Version", OLDER_VERSION)
    bins: list[list[Mapping[str, Any]]] = []
    used: list[int] = []
    for statement in statements(document):
        parts = list(_split(statement))
        if any(policy_size(document_of([part])) > MAX_MANAGED_POLICY for part in parts):
            summary = f"one statement of role `{role}` is longer than IAM takes"
            hint = f"a managed policy has {MAX_MANAGED_POLICY} characters: write it shorter"
            return Problem("role-policy-size", summary, where, hint)
        for part in parts:
            # One more for the comma.
            more = policy_size(document_of([part])) - policy_size(document_of([])) + 1
            room = (at for at, count in enumerate(used) if count + more <= MAX_MANAGED_POLICY)
            place = next(room, None)
            if place is None:
                bins.append([])
                used.append(policy_size(document_of([])))
                place = len(bins) - 1
            bins[place].append(part)
            used[place] += more
    if len(bins) > MAX_MANAGED_POLICIES:
        summary = f"the statements of role `{role}` have about {policy_size(document)} characters"
        hint = (
            f"they fill {len(bins)} managed policies of {MAX_MANAGED_POLICY}, and a role takes"
            f" {MAX_MANAGED_POLICIES}: write fewer statements, or give functions roles of their own"
        )
        return Problem("role-policy-size", summary, where, hint)
    managed = ({**document_of(parts), "Version": version} for parts in bins)
    return Fitted(
        None, tuple((f"{role}Policy{n}", made) for n, made in enumerate(managed, start=1))
    )


def _split(statement: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield parts of *statement* that fit, as far as it can be split.

    Each part has some of the resources for all actions, or some of the actions. Those of NotAction
    and NotResource stay together: apart, they would mean more.
    """
    if policy_size(document_of([statement])) <= MAX_MANAGED_POLICY:
        yield statement
        return
    lists = {key: as_list(statement.get(key)) for key in ("Resource", "Action")}
    key = max(lists, key=lambda name: policy_size({"": lists[name]}) if len(lists[name]) > 1 else 0)
    items = lists[key]
    if len(items) < 2:
        yield statement
        return
    other = dict(statement)
    while items:
        part = {**other, key: items[: _count(other, key, items)]}
        items = items[len(part[key]) :]
        # An id stands once in a document.
        other.pop("Sid", None)
        yield from _split(part) if len(part[key]) == 1 else [part]


def _count(
    statement: Mapping[str, Any],
    key: str,
    items: list[Any],
) -> int:
    """Return how many of *items* fit, with the rest of the statement; at least one."""

    def of_first(count: int) -> int:
        return policy_size(document_of([{**statement, key: items[:count]}]))

    return max(1, bisect_right(range(1, len(items) + 1), MAX_MANAGED_POLICY, key=of_first))
