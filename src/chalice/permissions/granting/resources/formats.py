"""ARNs by the types of resources that an action is about, as AWS lists them.

The list has the parts of an ARN by name: `job/${JobName}`. A part is known where the operation has
a parameter of that name, or of one that says the same. Must not know services.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.permissions.granting.resources.shapes import PART, is_vague
from chalice.permissions.lists import lines
from chalice.permissions.reading import services

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping


# What a part that ends so may also be called.
_ENDINGS = {"familyname": ("",), "name": ("name", "", "identifier"), "id": ("id", "identifier", "")}


@dataclass(frozen=True, slots=True)
class Format:
    """The ARN of one type of resource.

    Attributes:
        kind: the type: `table`.
        head: service, region and account as `arns.arn` takes them: `glue:R:A:{}`.
        rest: what follows, with parts by name: `table/${DatabaseName}/${TableName}`.
        parameters: the parameter that each part is, or empty.
        whole: the parameter that is such an ARN, or empty.
        is_required: whether each call of the action is about one.
    """

    kind: str
    head: str
    rest: str
    parameters: tuple[str, ...]
    whole: str
    is_required: bool

    @property
    def is_named(self) -> bool:
        """Return whether the operation has a parameter for it, or it is always the same."""
        return bool(self.whole) or any(self.parameters) or not self.parameters


@functools.cache
def _listed(prefix: str) -> tuple[Mapping[str, str], Mapping[str, frozenset[str]]]:
    """Return ARNs by type, and the types that each call of an action is about."""
    types, required = json.loads(lines("formats").get(prefix, "[{},{}]"))
    of_action = {
        name: frozenset(kinds.split(","))
        for kinds, names in required.items()
        for name in names.split()
    }
    return {_plain(kind): text.split()[0] for kind, text in types.items()}, of_action


@functools.cache
def _every(prefix: str) -> Mapping[str, tuple[str, ...]]:
    """Return all ARNs of each type: Lex has one of its first version, and one of its second."""
    types, _ = json.loads(lines("formats").get(prefix, "[{},{}]"))
    return {_plain(kind): tuple(text.split()) for kind, text in types.items()}


def arns_of(prefix: str) -> tuple[str, ...]:
    """Return the ARNs of all types of resources of a service: `sqs:R:A:${QueueName}`."""
    return tuple(dict.fromkeys(_listed(prefix)[0].values()))


@functools.cache
def types_of(prefix: str, action: str) -> Mapping[str, tuple[str, ...]]:
    """Return the ARNs of the types that an action is about; none where one of them has none."""
    listed = (services.actions_of(prefix) or {}).get(action.lower(), frozenset())
    kinds = {_plain(kind) for kind in listed} | required(prefix, action)
    every = _every(prefix)
    return {kind: every[kind] for kind in kinds} if kinds <= every.keys() else {}


def required(prefix: str, action: str) -> frozenset[str]:
    """Return the types that each call of an action is about."""
    return frozenset(map(_plain, _listed(prefix)[1].get(action.lower(), ())))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


@functools.cache
def formats(prefix: str, action: str, operation: str, inputs: frozenset[str]) -> tuple[Format, ...]:
    """Return the ARNs of what *action* may be about; none where AWS's lists differ.

    Args:
        prefix: of the action.
        action: without it.
        operation: that is called.
        inputs: its parameters.
    """
    listed = (services.actions_of(prefix) or {}).get(action.lower(), frozenset())
    texts, required = _listed(prefix)
    always = {_plain(kind) for kind in required.get(action.lower(), ())}
    every = {_plain(kind) for kind in listed}
    # A type that the list of ARNs does not have yet is left out where others are always meant.
    kinds = every & set(texts) if always else every
    if not always <= kinds or not kinds <= set(texts):
        return ()
    found: list[Format] = []
    for kind in sorted(kinds):
        several = [
            _format(text, kind, operation.lower(), inputs, is_required=kind in always)
            for text in _every(prefix)[kind]
        ]
        found += [one for one in several if one.is_named] or several[:1]
    return tuple(found)


def _format(
    text: str, kind: str, operation: str, inputs: frozenset[str], *, is_required: bool
) -> Format:
    service, region, account, rest = text.split(":", 3)
    by_plain = {_plain(name): name for name in inputs}
    parameters: list[str] = []
    for part in PART.findall(rest):
        wanted = _names(_plain(part).removesuffix("withpath"), kind, operation, by_plain)
        found = (by_plain[name] for one in wanted for name in (one, f"{one}s") if name in by_plain)
        parameters.append(next(found, ""))
    head = f"{service}:{region}:{account}:{{}}"
    whole = by_plain.get(f"{kind}arn", "")
    return Format(kind, head, rest, tuple(parameters), whole, is_required)


def of_type(prefix: str, kind: str, operation: str, inputs: frozenset[str]) -> Format | None:
    """Return the ARN of a type that *operation* makes; None where AWS does not list the type."""
    plain = _plain(kind)
    text = _listed(prefix)[0].get(plain)
    if text is None:
        return None
    return _format(text, plain, operation.lower(), inputs, is_required=True)


def parts(rest: str) -> tuple[str, ...]:
    """Return the parts of what follows the account, by name."""
    return tuple(PART.findall(rest))


def _names(part: str, kind: str, operation: str, inputs: Collection[str]) -> Iterator[str]:
    """Yield what the parameter of a part may be called, the likeliest first."""
    ending = next((one for one in _ENDINGS if part.endswith(one)), "")
    stem = kind if is_vague(part) else part.removesuffix(ending)
    if part in inputs and kind.endswith(stem):
        # `MultiRegionClusterName`, where there is a `ClusterName`, too.
        yield f"{kind}{ending}"
    if not is_vague(part):
        yield part
    for other in _ENDINGS.get(ending, ()):
        # What is imported has no id yet: `Certificate` is the text of one.
        if other or not operation.startswith("import"):
            yield f"{stem}{other}"
    is_it = stem and not is_vague(part) and operation.endswith((stem, f"{stem}s"))
    if is_it or (kind.endswith(stem) and kind in operation):
        # `GetJob` with `Name`: what is got is the job.
        yield ending or part
