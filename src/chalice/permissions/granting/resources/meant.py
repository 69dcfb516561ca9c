"""Which of several types a call is about, where the value of a parameter says so.

An ARN says itself what it is of, whatever its parameter is called: `target`. What `ResourceId` is
the id of, `ResourceType` says. Must not know services.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.permissions.granting.resources import shapes
from chalice.permissions.granting.resources.shapes import PART
from chalice.permissions.reading.values import HOLE, MARK

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from chalice.permissions.granting.given import Call
    from chalice.permissions.granting.resources.formats import Format
    from chalice.permissions.granting.resources.naming import Named

#: Names of parameters that may be about a resource of any type, in plain letters.
ANY_TYPE = re.compile(
    "(principal|resource|source|target)(arn|id|identifier|name)?(list|s)?|(arn|id|identifier)s?"
)
_TYPE, _IDS = "resourcetype", frozenset({"resourceid", "resourceids"})
_ENDING = re.compile("(arn|id|identifier|name)?s?$")


def by_value(
    call: Call, kinds: Collection[Format], taken: Collection[str]
) -> Mapping[str, list[str]]:
    """Return the ARNs that parameters are which are called as no type is, by their type.

    Args:
        call: the call.
        kinds: the types that it may be about, none of which it names otherwise.
        taken: parameters that name something.
    """
    found: dict[str, list[str]] = {}
    for name in sorted(set(call.params).difference(taken)):
        plain = name.lower()
        stem = _ENDING.sub("", plain)
        may_be = [
            one for one in kinds if ANY_TYPE.fullmatch(plain) or (stem and one.kind.endswith(stem))
        ]
        of_texts = [
            (text, [one.kind for one in may_be if shapes.is_one(_whole(one), text)])
            for text in call.given(name)
        ]
        # Where any of it is something else, nobody knows what is meant.
        if all(of_kinds for _, of_kinds in of_texts):
            for text, of_kinds in of_texts:
                for kind in of_kinds:
                    found.setdefault(kind, []).append(text.replace(HOLE, "*"))
    return found


def _whole(one: Format) -> str:
    return one.head.replace("{}", one.rest)


def said(call: Call, kinds: Collection[Format], named: Mapping[str, Named]) -> tuple[Format, ...]:
    """Return *kinds* without those that `ResourceId` could be one of, and `ResourceType` is not."""
    params = {name.lower(): name for name in call.params}
    texts = call.given(params[_TYPE]) if _TYPE in params else []
    if not texts or any(HOLE in text for text in texts):
        return tuple(kinds)
    by_id = {one.kind for one in kinds if _IDS & set(_named_by(named.get(one.kind, {})))}
    meant = {kind for text in texts for kind in _said(by_id, re.sub("[^a-z0-9]", "", text.lower()))}
    return tuple(
        one
        for one in kinds
        if one.kind in meant or (one.kind not in by_id and (one.is_required or not meant))
    )


def _said(kinds: Collection[str], text: str) -> list[str]:
    """Return which types `ResourceType` says, in plain letters; a regional one is one, too."""
    return [kind for kind in kinds if is_said(kind, text)] or [
        kind for kind in kinds if text.endswith(kind)
    ]


def is_said(kind: str, text: str) -> bool:
    """Return whether a type is what the value of `ResourceType` is, both in plain letters.

    Source: Systems Manager API reference, "AddTagsToResource", "ResourceType": `Automation` is an
    execution of one.
    """
    return text in (kind, kind.removesuffix("execution"))


def _named_by(named: Named) -> Iterator[str]:
    return (path.lower() for paths in named.values() for path in paths)


def of_any_type(call: Call, kinds: Collection[Format], taken: Collection[str]) -> Iterator[str]:
    """Yield the ARNs of resources that a parameter of no type's own is given.

    Of which type one is, it says itself; one that is not known may be of any.
    """
    starts = {(one.head.partition(":")[0], PART.split(one.rest)[0]) for one in kinds}
    for name in sorted(call.params):
        any_type = name.lower() == "resourcearn"
        if not name.lower().endswith("arn") or name in taken or not kinds:
            continue
        for text in call.given(name):
            parts = MARK.sub("", text).split(":", 5)
            if any_type and (parts[0] != "arn" or parts[2:3] == [HOLE]):
                yield "*"
            elif parts[2:3] and any(
                parts[2] == service and (parts[-1].startswith(start) or HOLE in parts[-1])
                for service, start in starts
            ):
                yield text.replace(HOLE, "*")
