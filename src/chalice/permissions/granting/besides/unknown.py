"""What is granted of what a call needs besides its own action, and what is only told.

One rule. On what is known, it is granted. On what is not known, it is granted on everything where
that gives little away, by AWS's access level of the action: it lists, it reads what is no data, or
it takes no resource. Anything else is told, and not granted.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from chalice.permissions.granting.resources import formats
from chalice.permissions.lists import lines
from chalice.permissions.reading.values import HOLE, MARK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalice.permissions.granting.given import Granted

#: What stands in the place of an ARN that is not known.
UNKNOWN = "*"

# In an ARN: how many parts stand before the resource.
_PARTS = 5
# What says nothing of a name: it is a pattern, or stands between its parts.
_NOTHING = "*?-:"


def apart(
    asked: Iterable[Granted], *, is_type_enough: bool = False
) -> tuple[list[Granted], list[str]]:
    """Return what is granted of *asked*, and the actions that are needed on something unknown.

    Args:
        asked: on `UNKNOWN`, or on nothing, where that is not known.
        is_type_enough: whether what it is on is what the call itself is about, or makes: that has
            no name yet, or is granted to the call as wide.
    """
    granted: list[Granted] = []
    told: list[str] = []
    for prefix, name, resources in asked:
        is_enough = UNKNOWN.__ne__ if is_type_enough else is_known
        known = list(filter(is_enough, resources))
        if resources and len(known) == len(resources):
            granted.append((prefix, name, resources))
        elif name in _on_everything(prefix):
            granted.append((prefix, name, []))
        else:
            granted += [(prefix, name, known)] if known else []
            told.append(f"{prefix}:{name}")
    return granted, list(dict.fromkeys(told))


@functools.cache
def _on_everything(prefix: str) -> frozenset[str]:
    """Return the actions that are granted on everything: see `scripts.authorization.levels`."""
    return frozenset(lines("levels").get(prefix, "").split())


def is_known(arn: str) -> bool:
    """Return whether anything is known of the name of what *arn* names, behind its type.

    >>> is_known("arn:aws:iam::123456789012:role/*-runs"), is_known("arn:aws:s3:::*/key")
    (True, False)
    """
    parts = MARK.sub("~", arn).replace(HOLE, "*").split(":", _PARTS)
    if len(parts) <= _PARTS:
        return False
    rest = parts[-1]
    types = (start for start in _starts(parts[2]) if rest.startswith(start))
    names = rest.removeprefix(max(types, key=len, default="")).split("/")
    # A role may have a path before its name; of others, what comes first says which one it is.
    return any(name.strip(_NOTHING) for name in (names if parts[2] == "iam" else names[:1]))


@functools.cache
def _starts(prefix: str) -> tuple[str, ...]:
    """Return what stands before the name in the ARNs of a service: `role/`."""
    rests = (text.split(":", 3)[-1].partition("${") for text in formats.arns_of(prefix))
    return tuple(dict.fromkeys(start for start, part, _ in rests if part))
