"""ARNs by the types of resources that an action is about, as AWS lists them.

The list has the parts of an ARN by name: `job/${JobName}`. A part is known where the operation has
a parameter of that name, or of one that says the same. Must not know services.
"""

from __future__ import annotations

import functools
import itertools
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chalice.permissions.reading import services
from chalice.permissions.reading.values import HOLE, MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chalice.permissions.granting.given import Call

_DATA = Path(__file__).parents[1] / "data" / "formats.tsv"

_PART = re.compile(r"\$\{(\w+)\}")
# Parts whose names are those of any resource: the parameter of that name may be about another.
_VAGUE = frozenset({"arn", "id", "identifier", "name", "resourceid", "resourcename"})
# Parameters that may be the name of what the ARN has the id of. Source: botocore's models,
# "documentation" of the parameter ("The application ID or name").
_OR_NAMES = frozenset(
    {
        *(("appconfig", name) for name in ("Application", "ApplicationIdentifier")),
        *(("appconfig", name) for name in ("Environment", "EnvironmentIdentifier")),
        *(
            ("appconfig", name)
            for name in ("ConfigurationProfileIdentifier", "ExtensionIdentifier")
        ),
        *(("bedrock", name) for name in ("customModelDeploymentIdentifier", "provisionedModelId")),
        *(("lex", name) for name in ("botAlias", "botName")),
        ("payment-cryptography", "KeyIdentifier"),
        *(("pcs", f"{what}Identifier") for what in ("cluster", "computeNodeGroup", "queue")),
        *(("servicecatalog", name) for name in ("application", "attributeGroup")),
        ("synthetics", "GroupIdentifier"),
    }
)
# What a part that ends so may also be called.
_ENDINGS = {"familyname": ("",), "name": ("name", "", "identifier"), "id": ("id", "identifier", "")}


@dataclass(frozen=True, slots=True)
class Format:
    """The ARN of one type of resource.

    Attributes:
        head: service, region and account as `arns.arn` takes them: `glue:R:A:{}`.
        rest: what follows, with parts by name: `table/${DatabaseName}/${TableName}`.
        parameters: the parameter that each part is, or empty.
        whole: the parameter that is such an ARN, or empty.
        is_required: whether each call of the action is about one.
    """

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
def _lines() -> dict[str, str]:
    return dict(line.split("\t", 1) for line in _DATA.read_text("utf-8").splitlines())


@functools.cache
def _listed(prefix: str) -> tuple[Mapping[str, str], Mapping[str, frozenset[str]]]:
    """Return ARNs by type, and the types that each call of an action is about."""
    types, required = json.loads(_lines().get(prefix, "[{},{}]"))
    of_action = {
        name: frozenset(kinds.split(","))
        for kinds, names in required.items()
        for name in names.split()
    }
    return {_plain(kind): text for kind, text in types.items()}, of_action


def arns_of(prefix: str) -> tuple[str, ...]:
    """Return the ARNs of all types of resources of a service: `sqs:R:A:${QueueName}`."""
    return tuple(dict.fromkeys(_listed(prefix)[0].values()))


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
    known = frozenset(name for name in inputs if (prefix, name) not in _OR_NAMES)
    return tuple(
        _format(texts[kind], kind, operation.lower(), known, is_required=kind in always)
        for kind in sorted(kinds)
    )


def _format(
    text: str, kind: str, operation: str, inputs: frozenset[str], *, is_required: bool
) -> Format:
    service, region, account, rest = text.split(":", 3)
    by_plain = {_plain(name): name for name in inputs}
    parameters: list[str] = []
    for part in _PART.findall(rest):
        wanted = _names(_plain(part).removesuffix("withpath"), kind, operation)
        found = (by_plain[name] for one in wanted for name in (one, f"{one}s") if name in by_plain)
        parameters.append(next(found, ""))
    head = f"{service}:{region}:{account}:{{}}"
    return Format(head, rest, tuple(parameters), by_plain.get(f"{kind}arn", ""), is_required)


def _names(part: str, kind: str, operation: str) -> Iterator[str]:
    """Yield what the parameter of a part may be called, the likeliest first."""
    ending = next((one for one in _ENDINGS if part.endswith(one)), "")
    stem = kind if part in _VAGUE else part.removesuffix(ending)
    if part not in _VAGUE:
        yield part
    for other in _ENDINGS.get(ending, ()):
        yield f"{stem}{other}"
    if stem == kind and kind in operation:
        # `GetJob` with `Name`: what is got is the job.
        yield ending or part


def resources(
    call: Call, prefix: str, action: str, arn: Callable[[Call, str, str], str]
) -> list[str]:
    """Return the ARNs of what *call* is about; empty where no parameter tells.

    Args:
        call: the call.
        prefix: of the action.
        action: without it.
        arn: `arns.arn`.
    """
    service = call.engine.services.get(call.use.service)
    operation = call.use.operation
    inputs = service.inputs.get(operation, frozenset()) if service is not None else frozenset[str]()
    listed = formats(prefix, action, operation, inputs)
    any_required = any(one.is_required for one in listed)
    if not any_required and not all(one.is_named for one in listed):
        return []
    found: list[str] = []
    is_known = False
    others: set[str] = set()
    for one in listed:
        filled = [arn(call, rest, one.head) for rest in _filled(call, one)]
        is_known = is_known or (bool(filled) and bool(one.parameters))
        found += filled
        if not filled and one.is_required:
            found.append(arn(call, _PART.sub(HOLE, one.rest), one.head))
        elif not filled:
            others.add(one.head.partition(":")[0])
    found += _any_type(call, others)
    return list(dict.fromkeys(found)) if is_known else []


def _any_type(call: Call, kinds: set[str]) -> Iterator[str]:
    """Yield the resource that may be of several types: of what service it is, its ARN says."""
    for name in ("ResourceArn", "resourceArn"):
        for text in call.given(name) if kinds else ():
            parts = MARK.sub("", text).split(":", 3)
            if parts[0] != "arn" or parts[2:3] == [HOLE]:
                yield "*"
            elif len(parts) > 2 and parts[2] in kinds:
                yield text.replace(HOLE, "*")


def _filled(call: Call, one: Format) -> Iterator[str]:
    """Yield what follows the account, or a whole ARN; nothing where no parameter is given."""
    if one.whole and call.given(one.whole):
        yield from call.given(one.whole)
        return
    given = [_given(call, name) if name else [] for name in one.parameters]
    if not any(given):
        if not one.parameters and one.is_required:
            yield one.rest
        return
    last = max(position for position, names in enumerate(given) if names)
    for names in itertools.product(*(names or [HOLE] for names in given)):
        if all(name == HOLE for name in names):
            yield HOLE
        else:
            yield _joined(one.rest, names, last)


def _given(call: Call, name: str) -> list[str]:
    """Return the texts that a parameter may be; what is inside a dict is none of them."""
    entries = call.entries(call.params.get(name, frozenset()))
    return [HOLE] if any(key != HOLE for key, _ in entries) else call.given(name)


def _joined(rest: str, names: tuple[str, ...], last: int) -> str:
    """Return *rest* with its parts, of which the one at *last* may be an ARN, or have the rest."""
    literals = _PART.split(rest)[::2]
    start, after = literals[last], literals[last + 1 :]
    named = names[last]
    if not last and not named.startswith("arn:"):
        # Source: Route 53 API reference, "HostedZone", "Id": `/hostedzone/Z1`.
        named = named.lstrip("/").removeprefix(start)
    own = named.partition(start)[2] if named.startswith("arn:") else named
    has_rest = len(after) > 1 and after[0] in MARK.sub("", own)
    end = "" if has_rest else HOLE.join(after)
    if named.startswith("arn:"):
        return named + end
    parts = zip(literals, names[:last], strict=False)
    return "".join(literal + _last_name(name) for literal, name in parts) + start + named + end


def _last_name(name: str) -> str:
    return name.rpartition("/")[2] if name.startswith("arn:") else name
