"""Whether an ARN is one of a type, as AWS writes types: `table/${TableName}`.

An ARN here may have `*` for parts that are not known, and marks for what CloudFormation knows. A
type is `SERVICE:REGION:ACCOUNT:REST`, as `formats` has them.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from chalice.permissions.reading.values import HOLE, MARK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

#: A part of a type.
PART = re.compile(r"\$\{(\w+)\}")
# Parts whose names are those of any resource: what has one of that name may be another.
_VAGUE = frozenset(
    {"arn", "id", "identifier", "name", "resourceid", "resourcename", "resourcepath"}
)
# One that is not in a mark: `AWS::Region` has two.
_COLON = re.compile(":(?![^\x01\x02]*\x02)")
# What stands before the resource: `arn`, partition, service, region, account.
_START = 5


def is_vague(part: str) -> bool:
    """Return whether a part is called as one of any resource may be: `ResourceId`."""
    return part.lower() in _VAGUE


def fits(types: Sequence[str], text: str) -> bool:
    """Return whether an ARN, of which parts may not be known, may be one of *types*."""
    parts = MARK.sub("m", text.replace(HOLE, "*")).split(":", 5)
    if parts[0] != "arn" or len(parts) <= _START or "*" in parts[2]:
        return True
    return any(_may_be(one, parts[2], parts[5]) for one in types)


def is_one(one: str, text: str) -> bool:
    """Return whether a text is an ARN of the type *one*, if of a name that is not known."""
    parts = MARK.sub("m", text.replace(HOLE, "*")).split(":", 5)
    is_arn = parts[0] == "arn" and len(parts) > _START
    return (
        is_arn
        and parts[2] == one.partition(":")[0]
        and bool(_pattern(one.split(":", 3)[3]).fullmatch(parts[5]))
    )


def _may_be(one: str, service: str, rest: str) -> bool:
    of_service, _, _, of_type = one.split(":", 3)
    # Recovery points of Backup are of any service.
    if PART.fullmatch(of_service):
        return True
    if of_service != service:
        return False
    if _pattern(of_type).fullmatch(rest):
        return True
    starts = re.compile(".*".join(map(re.escape, rest.split("*"))), re.DOTALL)
    return "*" in rest and starts.fullmatch(PART.sub("x", of_type)) is not None


@functools.cache
def _pattern(of_type: str) -> re.Pattern[str]:
    # AWS's list has `*` for some parts, too: `task:*` of DMS.
    literals = (text for one in PART.split(of_type)[::2] for text in one.split("*"))
    return re.compile(".+".join(map(re.escape, literals)), re.DOTALL)


def inside(
    types: Sequence[str],
    found: Iterable[str],
    parents: Sequence[str],
    named: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Yield what is in one of *found*, as its ARN says: a table in a bucket of tables.

    Args:
        types: what is looked for.
        found: ARNs.
        parents: the types that those may be of.
        named: parts that are known besides.
    """
    for text in found:
        *start, rest = _COLON.split(text, maxsplit=5)
        for parent in parents:
            of_parent = parent.split(":", 3)[3]
            match = _within(of_parent).fullmatch(rest)
            if match is None or len(start) < _START or parent.partition(":")[0] != start[2]:
                continue
            values = dict(zip(PART.findall(of_parent), match.groups(), strict=True))
            for one in types:
                of_type = one.split(":", 3)[3]
                if one.partition(":")[0] == start[2] and _share(values, of_type):
                    yield ":".join((*start, _with({**(named or {}), **values}, of_type)))


def _share(values: Mapping[str, str], of_type: str) -> bool:
    return any(part in values and not is_vague(part) for part in PART.findall(of_type))


def _with(values: Mapping[str, str], of_type: str) -> str:
    return PART.sub(lambda part: values.get(part[1], "*"), of_type)


@functools.cache
def _within(of_type: str) -> re.Pattern[str]:
    literals = PART.split(of_type)[::2]
    return re.compile("([^/:]+)".join(map(re.escape, literals)))
