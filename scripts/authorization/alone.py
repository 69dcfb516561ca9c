"""Parameters that name what an action is about though they are not called as that is.

Where an action is about one type only, what is called `ResourceId`, or as the end of the type is,
can be of no other: `FlowLogIds` of `DeleteFlowLogs` are those of `vpc-flow-log`. And where one
parameter says of which type another is, its values say which ones there are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chalice.permissions.granting.resources import formats, meant

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

_NAME = re.compile(r"(?P<stem>.*?)(?P<ending>id|identifier|name)s?")
_VAGUE = frozenset({"resource"})
# What these are about has no name yet.
_MAKING = re.compile("Copy|Create|Enable|Import|Register")
# What is shorter is in too many names.
_SHORT = 3


def alone(
    known: Sequence[formats.Format], operation: str, inputs: Collection[str], named: Collection[str]
) -> Iterator[tuple[str, str, str]]:
    """Yield the type, the part of its ARN and the parameter, where an action has one type only.

    Args:
        known: the types that the action is about.
        operation: the operation's name.
        inputs: its parameters.
        named: types that parameters are known to name.
    """
    if len(known) != 1 or not known[0].parameters or any(known[0].parameters) or known[0].whole:
        return
    one = known[0]
    last = formats.parts(one.rest)[-1]
    wanted = _NAME.fullmatch(last.lower())
    if wanted is None or one.kind in named or _MAKING.match(operation):
        return
    stems = {one.kind.removesuffix("resource"), wanted["stem"]} - {""}
    found = [
        (name, match)
        for name in sorted(inputs)
        if (match := _NAME.fullmatch(name.lower())) and _is_it(match["stem"], stems, operation)
    ]
    # What is called the id of a resource in the ARN itself is something else of it.
    if wanted["stem"] in _VAGUE and found and found[0][1]["stem"] in _VAGUE:
        return
    if len(found) == 1 and _fits(found[0][1]["ending"], wanted["ending"]):
        yield one.kind, last, found[0][0]


def _is_it(stem: str, wanted: Collection[str], operation: str) -> bool:
    if stem in _VAGUE:
        return True
    if not stem:
        # `Name` of `GetAppMonitor`.
        return any(len(one) > _SHORT and one in operation.lower() for one in wanted)
    if len(stem) <= _SHORT:
        return False
    # What is called longer than the type may be another one that is of it.
    longer = (one for one in wanted if len(one) > _SHORT and stem in operation.lower())
    return any(map(stem.endswith, longer)) or any(one.endswith(stem) for one in wanted)


def _fits(ending: str, wanted: str) -> bool:
    return ending == wanted or "identifier" in (ending, wanted)


def by_type(
    shapes: Mapping[str, Any], members: Mapping[str, Any], known: Sequence[formats.Format]
) -> Iterator[tuple[str, str, str]]:
    """Yield types with the part of their ARNs that `ResourceId` is, by what `ResourceType` may be.

    Args:
        shapes: those of the service.
        members: what the operation takes.
        known: the types that the action is about.
    """
    by_name = {name.lower(): name for name in members}
    kind = members.get(by_name.get("resourcetype", ""), {"shape": ""})["shape"]
    ids = [by_name[name] for name in ("resourceid", "resourceids") if name in by_name]
    for text in shapes.get(kind, {}).get("enum", ()) if ids else ():
        plain = re.sub("[^a-z0-9]", "", text.lower())
        for one in known:
            if one.parameters and meant.is_said(one.kind, plain):
                yield one.kind, formats.parts(one.rest)[-1], ids[0]
