"""Which actions of IAM an operation asks for, whatever it is called with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.permissions import table
from chalice.permissions.reading import services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalice.permissions.reading.services import Service

#: A prefix and the name of an action.
Action = tuple[str, str]


def prefixes_of(service: Service) -> tuple[str, ...]:
    """Return the prefixes that actions of *service* may have: those of AWS's list, if any is."""
    own = table.PREFIXES.get(service.name)
    every = (own,) if own is not None else service.prefixes
    return tuple(one for one in every if services.actions_of(one) is not None) or every[:1]


def listed(service: Service, operation: str) -> tuple[Action, ...] | None:
    """Return the actions that tables and AWS's list say; None where neither knows the operation."""
    prefixes = prefixes_of(service)
    mapped = table.ACTIONS.get((service.name, operation))
    if mapped is not None:
        return tuple(_whole(action, prefixes[0]) for action in mapped)
    if "apigateway" in service.prefixes:
        # Source: API Gateway developer guide, "How API Gateway works with IAM": actions are verbs.
        # Source: SAR, "Amazon API Gateway Management V2": some have one of their own, which
        # CloudFormation asks beside the verb to make a portal.
        own = (operation,) if services.has_action("apigateway", operation) else ()
        return tuple(("apigateway", name) for name in (service.requests[operation][0], *own))
    if operation in service.unsigned:
        return ()
    for prefix in prefixes:
        if services.has_action(prefix, operation):
            return ((prefix, operation),)
    return (_whole(service.named[operation], prefixes[0]),) if operation in service.named else None


def asked(service: Service, operation: str) -> tuple[tuple[Action, ...], bool]:
    """Return the actions that *operation* asks for, and whether they are only likely.

    That they are where it was there before AWS's list was taken, and has no action on it.
    """
    found = listed(service, operation)
    if found is not None:
        return found, False
    prefixes = prefixes_of(service)
    others = [
        name
        for name in _same(operation)
        if any(services.has_action(prefix, name) for prefix in prefixes)
    ][:1]
    # Nearly every operation that has an action has one that is called as it is: so have those that
    # came after the list.
    was_there = operation in services.unlisted(service.name)
    names = others if was_there else [operation, *others]
    is_likely = not names and service.name not in table.WITHDRAWN
    return tuple((prefixes[0], name) for name in names or [operation]), is_likely


def _same(operation: str) -> Iterator[str]:
    """Yield actions that may be asked for an operation that has none of its own.

    Source: SAR, tables of operations: `BatchGetJob` is `deadline:GetJob`, `GetFindingsV2` is
    `securityhub:GetFindings`.
    """
    once = operation.removeprefix("Batch")
    for name in (once, re.sub(r"V[0-9]+$", "", once)):
        if name != operation:
            yield from (name, name.removesuffix("s"))


def _whole(action: str, prefix: str) -> Action:
    other, _, name = action.rpartition(":")
    return other or prefix, name
