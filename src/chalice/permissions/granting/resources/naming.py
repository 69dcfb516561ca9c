"""Parameters that name a resource and are not called as the part of its ARN is.

They are on a list that `scripts.authorization.naming` writes from botocore's models: those at any
depth (`Placement.GroupName`), those that are called otherwise (`KeyName`, a key pair), and those
that say which one is meant by something that its ARN does not have. Must not know services.
"""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING

from chalice.permissions.lists import lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

#: In the place of a part: the parameter is a whole ARN.
WHOLE = "arn"
#: In the place of a part: the parameter is about such a resource, whose ARN it does not say.
ABOUT = "*"
#: In the place of a part: the parameter is called as one is, and is none.
OTHER = "-"
#: In the place of a part: the parameter is the account that owns such a resource.
OWNER = "@"

#: By part of an ARN: the parameters that it may be, with those that hold them before a dot.
Named = dict[str, tuple[str, ...]]


@functools.cache
def _listed(service: str) -> Mapping[str, Mapping[str, Named]]:
    """Return what is on the list by operation, and by type of resource."""
    listed: dict[str, dict[str, dict[str, str]]] = json.loads(lines("naming").get(service, "{}"))
    found: dict[str, dict[str, Named]] = {}
    for kind, parts in listed.items():
        for part, paths in parts.items():
            for path, operations in paths.items():
                for operation in operations.split():
                    of_kind = found.setdefault(operation, {}).setdefault(kind, {})
                    of_kind[part] = (*of_kind.get(part, ()), path)
    return found


@functools.cache
def named(service: str, operation: str) -> Mapping[str, Named]:
    """Return the parameters that name a resource of each type, in plain letters, by its parts."""
    every = {
        kind: {part: paths for part, paths in parts.items() if part != OWNER}
        for kind, parts in _listed(service).get(operation, {}).items()
    }
    return {kind: parts for kind, parts in every.items() if parts}


def owners(service: str, operation: str, kind: str) -> tuple[str, ...]:
    """Return the parameters that name the account that owns a resource of a type."""
    return _listed(service).get(operation, {}).get(kind, {}).get(OWNER, ())


def every(named: Iterable[Named]) -> set[str]:
    """Return the parameters that name something."""
    return {path for parts in named for paths in parts.values() for path in paths}


def places_of(service: str) -> Iterator[tuple[str, str]]:
    """Yield each operation of a service with the places where it names something."""
    for operation, kinds in _listed(service).items():
        for parts in kinds.values():
            for part, names in parts.items():
                yield from ((operation, place) for place in names if part != OTHER)


def together(given: Sequence[Mapping[str, list[str]]]) -> Iterator[list[list[str]]]:
    """Yield what parts may be, with each other: what one structure has of several stays together.

    A structure without one of the parts has that of the others.
    """
    holders: dict[str, int] = {}
    for of_part in given:
        for holder in {path.rpartition(".")[0] for path, texts in of_part.items() if texts}:
            holders[holder] = holders.get(holder, 0) + 1
    apart = [holder for holder, count in holders.items() if holder and count > 1]
    rest = [
        [
            text
            for path, texts in of.items()
            if path.rpartition(".")[0] not in apart
            for text in texts
        ]
        for of in given
    ]
    if any(rest) or not apart:
        yield rest
    for holder in apart:
        own = [
            [
                text
                for path, texts in of.items()
                if path.rpartition(".")[0] == holder
                for text in texts
            ]
            for of in given
        ]
        yield [mine or others for mine, others in zip(own, rest, strict=True)]
