"""What AWS's lists say that calls need besides their own action, by operation.

The list, which `scripts.authorization.dependents` writes, has for each operation the actions, and
where the call names what they are about: without that, most are not asked.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.permissions.granting import arns, places
from chalice.permissions.granting.besides import objects
from chalice.permissions.granting.besides.unknown import UNKNOWN
from chalice.permissions.granting.resources import by_service, fitting, formats, shapes
from chalice.permissions.lists import lines
from chalice.permissions.reading.values import HOLE, MARK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice.permissions.granting.given import Call, Granted


@dataclass(frozen=True, slots=True)
class Row:
    """What an operation needs, and on what.

    Attributes:
        paths: where a call names what the actions are about; none where it does not.
        when: where it says what makes them necessary, and behind `=` which value does, where not
            any does; none where nothing has to.
        actions: with their prefixes.
        kind: on what: an ARN, with `{}` for what is at *paths*; `=` as for the operation itself,
            `*` on what no parameter names, `:` what the ARN at *paths* is of, with what follows
            the colon behind it; empty for keys of KMS and for S3.
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
            for place in (*row.paths, *(when.partition("=")[0] for when in row.when)):
                holder, dot, last = place.rpartition(".")
                yield from ((operation, f"{holder}{dot}{name}") for name in last.split("+") if name)


def listed(call: Call) -> Iterator[Granted]:
    """Yield what *call* needs by the list, on what it names; `UNKNOWN` where that is not known."""
    for row in _meant(call):
        if row.kind != "=" and (row.paths or _takes_no_name(row)):
            for action in row.actions:
                for one in _asked(call, row, *action.split(":")):
                    yield _with_others(call, *one)


def alike(call: Call) -> Iterator[Granted]:
    """Yield what *call* needs on what its own action is about, or on a type that the list says."""
    for row in _meant(call):
        for action in row.actions:
            prefix, name = action.split(":")
            if row.kind == "=":
                found = by_service.resources(call, prefix, name)
                yield _with_others(call, prefix, name, found)
            elif not row.paths and not _takes_no_name(row):
                found = [arns.arn(call, row.kind, row.kind)]
                yield _with_others(call, prefix, name, found)
    yield from _of_itself(call)


# What EC2 makes for a service that is called.
_MADE = ("ec2:Create", "ec2:Run")


def _of_itself(call: Call) -> Iterator[Granted]:
    """Yield what something in EC2 is made of besides what is named, where anything is.

    Source: service authorization reference, Amazon EC2: an instance is run in a security group, if
    only the default one.
    """
    kinds: dict[str, set[str]] = {}
    for row in _meant(call):
        is_named = not row.paths or any(_may_be(call, path) for path in row.paths)
        for action in row.actions if is_named else ():
            if action.startswith(_MADE):
                kinds.setdefault(action, set()).add(row.kind.replace("*", "{}"))
    for action, named in kinds.items():
        prefix, name = action.split(":")
        types = formats.types_of(prefix, name)
        always = formats.required(prefix, name) & types.keys()
        templates = [shapes.PART.sub("{}", types[kind][0]) for kind in sorted(always)]
        # Of what no parameter names, another rule tells.
        for template in templates if named <= set(templates) else ():
            if template not in named:
                yield prefix, name, [arns.arn(call, "*", template)]


def _with_others(call: Call, prefix: str, name: str, found: list[str]) -> Granted:
    """Return an action on *found*; one of the same service also on what else the call names."""
    service = call.engine.services.get(call.use.service)
    is_own = service is not None and prefix in service.prefixes
    return prefix, name, fitting.beside(call, prefix, name, found) if is_own else found


def _takes_no_name(row: Row) -> bool:
    return row.kind in ("*", "")


def _meant(call: Call) -> Iterator[Row]:
    """Yield the rows whose conditions hold for *call*, or may."""
    for row in rows(call.use.service).get(call.use.operation, ()):
        if not row.when or any(_may_be(call, when) for when in row.when):
            yield row


def _may_be(call: Call, when: str) -> bool:
    place, _, value = when.partition("=")
    found = places.at(call, place)
    texts = [text for text in found.texts if not value or text == value or _is_open(text)]
    return bool(texts) or found.is_near


def _is_open(text: str) -> bool:
    """Return whether a part of *text* is only known when it runs."""
    return HOLE in text or MARK.search(text) is not None


def _asked(call: Call, row: Row, prefix: str, name: str) -> Iterator[Granted]:
    if not row.paths:
        yield prefix, name, []
        return
    if not row.kind and prefix == "s3":
        for path in row.paths:
            yield from objects.named(call, name, path)
        return
    found = [places.at(call, path) for path in row.paths]
    texts = [text for item in found for text in item.texts]
    resources = arns.key_arns(call, texts) if not row.kind else _resources(call, row, prefix, texts)
    if any(item.is_near for item in found):
        resources.append(UNKNOWN)
    if resources:
        yield prefix, name, resources


def _resources(call: Call, row: Row, prefix: str, texts: list[str]) -> list[str]:
    """Return what an action of *prefix* is needed on."""
    if row.kind == "secretsmanager:R:A:secret:{}":
        return [arns.secret_arn(call, text) for text in texts]
    if row.kind == "bedrock:R::foundation-model/{}":
        return arns.model_arns(call, texts)
    if not row.kind.startswith(":"):
        return [arns.arn(call, text, row.kind) for text in texts]
    # What follows a bucket is where its objects are to be.
    own = [text.partition("/")[0] if prefix == "s3" else text for text in texts]
    below = row.kind.removeprefix(":")
    return [arns.arn(call, f"{text}{below}", "") for text in own if _is_of(text, prefix)]


def _is_of(text: str, prefix: str) -> bool:
    """Return whether an ARN is, or may be, of a service."""
    parts = MARK.sub("", text).split(":", 3)
    return text.startswith(HOLE) or parts[2:3] in ([prefix], [HOLE])
