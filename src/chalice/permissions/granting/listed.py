"""What AWS's lists say that calls need besides their own action, by operation.

The list, which `scripts.authorization.dependents` writes, has for each operation the actions, and
where the call names what they are about: without that, most are not asked.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.permissions.granting import arns, keys, objects, places
from chalice.permissions.lists import lines
from chalice.permissions.reading.values import HOLE, MARK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice.permissions.granting.given import Call, Granted

# What gives rights to others, or shows what is secret: on everything, it is not granted but told.
_POWERFUL = re.compile(
    r"(iam|organizations|ram|sso|sts):(?!Get|List|Describe).*|kms:.*|secretsmanager:GetSecretValue|"
    r".*:(Put|Create|Update|Delete)\w*Policy|.*:(Add|Remove)Permission"
)


@dataclass(frozen=True, slots=True)
class Row:
    """What an operation needs, and on what.

    Attributes:
        paths: where a call names what the actions are about; none where it does not.
        when: where it says what makes them necessary; none where nothing has to.
        actions: with their prefixes.
        kind: on what: an ARN, with `{}` for what is at *paths*; `=` as for the operation itself,
            `*` on everything, `:` what the ARN at *paths* is of, `!` where it is told and not
            granted; empty for keys of KMS and for S3.
    """

    paths: tuple[str, ...]
    when: tuple[str, ...]
    actions: tuple[str, ...]
    kind: str


@functools.cache
def rows(service: str) -> Mapping[str, tuple[Row, ...]]:
    """Return the rows of the list for a service, by operation."""
    found: dict[str, tuple[Row, ...]] = {}
    for about, actions, kind, operations in json.loads(lines("dependents").get(service, "[]")):
        paths, _, when = about.partition("?")
        row = Row(tuple(paths.split()), tuple(when.split()), tuple(actions.split()), kind)
        for name in operations.split():
            found[name] = (*found.get(name, ()), row)
    return found


def places_of(service: str) -> Iterator[tuple[str, str]]:
    """Yield each operation of a service with the places that its rows hang on."""
    for operation, found in rows(service).items():
        for row in found:
            for place in (*row.paths, *row.when):
                holder, dot, last = place.rpartition(".")
                yield from ((operation, f"{holder}{dot}{name}") for name in last.split("+") if name)


def listed(call: Call) -> Iterator[Granted]:
    """Yield what *call* needs by the list, on what is known."""
    for row in _meant(call):
        for action in row.actions:
            yield from _asked(call, row, action)[0]


def told(call: Call) -> list[str]:
    """Return the actions that *call* needs, or may need, on something that is not known."""
    found = (
        action for row in _meant(call) for action in row.actions if _asked(call, row, action)[1]
    )
    return list(dict.fromkeys(found))


def _meant(call: Call) -> Iterator[Row]:
    """Yield the rows whose conditions hold for *call*, or may."""
    for row in rows(call.use.service).get(call.use.operation, ()):
        if not row.when or any(_may_be(places.at(call, path)) for path in row.when):
            yield row


def _may_be(found: places.Found) -> bool:
    return bool(found.texts) or found.is_near


def _asked(call: Call, row: Row, action: str) -> tuple[list[Granted], bool]:
    """Return what is granted of an action of a row, and whether there is more that is not known."""
    prefix, _, name = action.partition(":")
    if row.kind in ("!", "*"):
        return ([(prefix, name, [])] if row.kind == "*" else []), row.kind == "!"
    if not row.kind and prefix == "s3":
        return _in_s3(call, row, name)
    found = [places.at(call, path) for path in row.paths]
    texts = [text for item in found for text in item.texts]
    is_possible = any(item.is_near for item in found)
    if not row.kind:
        known, others = keys.keys(call, texts)
        return _granted(prefix, name, known), others or is_possible
    resources = _resources(call, row, action, texts)
    # What the ARN is of decides which of its rows is meant: not known, it would be all of them.
    if row.kind == ":" or _POWERFUL.fullmatch(action):
        known = [resource for resource in resources if resource != "*"]
        return _granted(prefix, name, known), len(known) < len(resources) or is_possible
    return _granted(prefix, name, resources), is_possible and not resources


def _granted(prefix: str, name: str, resources: list[str]) -> list[Granted]:
    return [(prefix, name, resources)] if resources else []


def _resources(call: Call, row: Row, action: str, texts: list[str]) -> list[str]:
    """Return what *action* is needed on; `*` is what is not known."""
    prefix, _, name = action.partition(":")
    if row.kind == "=":
        return arns.resources(call, prefix, name) or ["*"]
    if row.kind == ":":
        # What follows a bucket is where its objects are to be.
        own = [text.partition("/")[0] if prefix == "s3" else text for text in texts]
        return [arns.arn(call, text, "") for text in own if _is_of(text, prefix)]
    if not row.paths:
        return [arns.arn(call, row.kind, row.kind)]
    return [arns.arn(call, text, row.kind) for text in texts]


def _in_s3(call: Call, row: Row, name: str) -> tuple[list[Granted], bool]:
    granted: list[Granted] = []
    is_possible = False
    for path in row.paths:
        resources, unknown = objects.named(call, name, path)
        is_possible = is_possible or unknown
        if resources:
            granted.append(("s3", objects.versioned(call, name, path), resources))
    return granted, is_possible and not granted


def _is_of(text: str, prefix: str) -> bool:
    """Return whether an ARN is, or may be, of a service."""
    parts = MARK.sub("", text).split(":", 3)
    return text.startswith(HOLE) or parts[2:3] in ([prefix], [HOLE])
