"""ARNs of what a call is about, by AWS's list and what its parameters are called.

A part is known where the operation has a parameter of that name, or of one that says the same. Must
not know services.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from chalice.permissions import table
from chalice.permissions.granting import arns, places
from chalice.permissions.granting.resources import formats, meant, naming, owners, shapes
from chalice.permissions.granting.resources.shapes import PART
from chalice.permissions.reading.values import HOLE, MARK, PARTITION

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from chalice.permissions.granting.given import Call
    from chalice.permissions.granting.resources.formats import Format

# Another name, which is in no ARN of what it stands for. Sources: KMS and Verified Permissions API
# references, "KeyId" and "policyStoreId": an alias begins so.
_ALIAS = re.compile(r"[a-z-]*alias/")


def always(call: Call, prefix: str, action: str) -> frozenset[str]:
    """Return the types that *call* is about in any case, by what its parameters say themselves."""
    operation = call.use.operation
    named = naming.named(call.use.service, operation)
    listed = meant.said(call, formats.formats(prefix, action, operation, _inputs(call)), named)
    return frozenset(one.kind for one in listed) & formats.required(prefix, action)


def resources(call: Call, prefix: str, action: str) -> list[str]:
    """Return the ARNs of what *call* is about; empty where no parameter tells.

    Args:
        call: the call.
        prefix: of the action.
        action: without it.
    """
    operation = call.use.operation
    named = naming.named(call.use.service, operation)
    listed = meant.said(call, formats.formats(prefix, action, operation, _inputs(call)), named)
    every = {one: _arns(call, one, listed, named) for one in listed}
    taken = {name for one in listed for name in (one.whole, *one.parameters)}
    left = [one for one in listed if not every[one]]
    by_value = meant.by_value(call, left, taken | naming.every(named.values()))
    if not any(one.is_required for one in listed):
        if by_value and not any(every.values()):
            return list(dict.fromkeys(itertools.chain(*by_value.values())))
        if not all(one.is_named or one.kind in named for one in listed):
            # Which of several types is meant is said where each part of one is.
            listed = tuple(
                one for one in listed if len(one.parameters) > 1 and _is_whole(call, one)
            )
    found: list[str] = []
    is_known = bool(by_value)
    unnamed: list[Format] = []
    others: list[Format] = []
    for one in listed:
        filled = every[one] or by_value.get(one.kind, [])
        is_known = is_known or (bool(filled) and bool(one.parameters or one.kind in named))
        found += filled
        if filled or (one.is_required and _is_another(call, one, listed, named.get(one.kind, {}))):
            continue
        if one.is_required and (not by_value or one.kind in operation.lower()):
            unnamed.append(one)
            # What is made has no name before it is.
            is_known = is_known or operation.lower() == f"create{one.kind}"
        elif not one.is_required:
            others.append(one)
    for one in unnamed:
        # Endpoints of a runtime that is named are its own; what is AWS's is in nothing of a caller.
        kinds = [one.head.replace("{}", one.rest)] if ":A:" in one.head else []
        given = [text for text in found if not text.startswith(f"arn:{PARTITION}")]
        inside = list(shapes.inside(kinds, given, formats.arns_of(prefix)))
        found += inside or _owned(call, one, [PART.sub(HOLE, one.rest)])
    found += meant.of_any_type(call, others, taken)
    return list(dict.fromkeys(found)) if is_known else []


def _arns(
    call: Call, one: Format, listed: Collection[Format], named: Mapping[str, naming.Named]
) -> list[str]:
    """Return the ARNs of one type that parameters tell."""
    of_kind = named.get(one.kind, {})
    is_another = _is_another(call, one, listed, of_kind)
    filled = _filled(call, one, of_kind, is_another=is_another)
    return _owned(call, one, filled)


def _owned(call: Call, one: Format, rests: Iterable[str]) -> list[str]:
    """Return ARNs of a type, in the account of each that may own one."""
    heads = owners.heads(call, one.kind, one.head)
    return [arns.arn(call, rest, head) for rest in rests for head in heads]


def named(call: Call, prefix: str, action: str) -> Mapping[str, list[str]]:
    """Return the ARNs of what parameters name, by type, of those that *action* is about.

    Args:
        call: the call.
        prefix: of the action.
        action: without it.
    """
    more = naming.named(call.use.service, call.use.operation)
    return {
        one.kind: _owned(call, one, _filled(call, one, more.get(one.kind, {})))
        for one in formats.formats(prefix, action, call.use.operation, _inputs(call))
        if one.parameters and (one.is_named or one.kind in more)
    }


def of_type(
    call: Call,
    prefix: str,
    kind: str,
    *,
    is_named: bool = True,
) -> list[str]:
    """Return the ARNs of what *call* makes of a type, `*` for parts that no parameter tells.

    Args:
        call: the call.
        prefix: of the type's service.
        kind: the type; none is returned where AWS does not list it.
        is_named: whether parameters name what is made, and not what it is made from.
    """
    operation = call.use.operation
    one = formats.of_type(prefix, kind, operation, _inputs(call) if is_named else frozenset())
    if one is None:
        return []
    more = naming.named(call.use.service, operation).get(one.kind) if is_named else None
    filled = [arns.arn(call, rest, one.head) for rest in _filled(call, one, more)]
    any_of_type = arns.arn(call, PART.sub("*", one.rest), one.head)
    return [any_of_type if item == "*" else item for item in filled] or [any_of_type]


def _inputs(call: Call) -> frozenset[str]:
    service = call.engine.services.get(call.use.service)
    return service.inputs.get(call.use.operation, frozenset()) if service else frozenset()


def _is_whole(call: Call, one: Format) -> bool:
    return all(name and call.given(name) for name in one.parameters)


def _filled(
    call: Call, one: Format, more: naming.Named | None = None, *, is_another: bool = False
) -> Iterator[str]:
    """Yield what follows the account, or a whole ARN; nothing where no parameter is given.

    Args:
        call: the call.
        one: the type.
        more: parameters that name one, besides those of *one*.
        is_another: whether what could be its ARN is that of another type.
    """
    named = more or {}
    wholes = [] if is_another else list(_wholes(call, one, named))
    yield from (text for text, _ in wholes)
    # A table that is restored is made of another one.
    is_whole = any(is_it for _, is_it in wholes)
    if is_whole and not any(map(_is_target, itertools.chain(*named.values()))):
        return
    about = (*named.get(naming.ABOUT, ()), *named.get(naming.OTHER, ()))
    given = [
        {
            path: _given(call, path)
            for path in _paths("" if name in about else name, named, part)
            if not is_whole or _is_target(path)
        }
        for part, name in zip(formats.parts(one.rest), one.parameters, strict=True)
    ]
    told = [text for path in named.get(naming.ABOUT, ()) for text in _at(call, path)]
    if one.kind != "alias":
        every = [text for paths in given for texts in paths.values() for text in texts]
        told += [text for text in every if _ALIAS.match(text)]
        given = [
            {path: [text for text in texts if not _ALIAS.match(text)] for path, texts in of.items()}
            for of in given
        ]
    groups = list(naming.together(given))
    if wholes and not (groups and groups[0] and groups[0][-1]):
        return
    for group in groups:
        if any(group):
            yield from _by_parts(one, group)
    if not any(map(any, groups)):
        yield from _told(one, told)


# How a parameter is called that is the same type as one that is called the source of it.
_is_target = re.compile("target|destination", re.IGNORECASE).match


def _told(one: Format, told: Collection[str]) -> Iterator[str]:
    """Yield what may be meant by what the ARN does not say; it may be one."""
    for text in told:
        # What begins with what is not known may be an ARN.
        is_arn = text.startswith("arn:")
        unknown = HOLE if text.startswith(HOLE) else PART.sub(HOLE, one.rest)
        yield text if is_arn else unknown
    if not one.parameters and one.is_required:
        yield one.rest


def _by_parts(one: Format, given: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield what follows the account, of what its parts may be."""
    doubled = {name for name in one.parameters if name and one.parameters.count(name) > 1}
    if doubled:
        # Which part it is of those that it may be, only the service knows: `gateway` is a name or
        # an id.
        for position, name in enumerate(one.parameters):
            for text in given[position] if name in doubled else ():
                yield _joined(one.rest, (*[HOLE] * position, text), position)
        return
    last = max(position for position, names in enumerate(given) if names)
    for names in itertools.product(*(names or [HOLE] for names in given)):
        if all(name == HOLE for name in names):
            yield HOLE
        else:
            yield _joined(one.rest, names, last)


def _is_another(
    call: Call,
    one: Format,
    listed: Collection[Format],
    named: naming.Named,
) -> bool:
    """Return whether what could be the ARN of a type is that of another one of *listed*.

    Where several are always meant, AWS's list has what any of them may be: a schema is in
    development, or published.
    """
    kinds = [other.head.replace("{}", other.rest) for other in listed if other is not one]
    own = [one.head.replace("{}", one.rest)]
    found = [text for path in _paths(one.whole, named, naming.WHOLE) for text in _at(call, path)]
    is_own = bool(one.whole and call.given(one.whole)) or any(
        shapes.fits(own, text) for text in found
    )
    return not is_own and any(shapes.fits(kinds, text) for text in found)


def _wholes(call: Call, one: Format, named: naming.Named) -> Iterator[tuple[str, bool]]:
    """Yield the ARNs that parameters are, or those of what is in what they are of.

    With each, whether it is what the call is about: what is deeper may be another of the type, as
    the data set with the rules of a data set is.
    """
    kind = [one.head.replace("{}", one.rest)]
    found = [
        (text, "." not in path)
        for path in _paths(one.whole, named, naming.WHOLE)
        for text in _at(call, path)
    ]
    # What is called as the type is one, whatever AWS's list says: recovery points of Backup are
    # snapshots of EC2, too.
    own = _at(call, one.whole) if one.whole else []
    right = [item for item in found if item[0] in own or shapes.fits(kind, item[0])]
    # What is known and no ARN is a name, which is not in the ARN, or this would not be a whole one.
    any_of_kind = PART.sub(HOLE, one.rest)
    for text, is_it in right:
        is_name = not text.startswith("arn:") and HOLE not in text and not MARK.match(text)
        yield any_of_kind if is_name else text if text.startswith("arn:") else HOLE, is_it
    if not right and one.is_required:
        parents = formats.arns_of(one.head.partition(":")[0])
        others = (text for text, is_it in found if is_it)
        given = ((name, call.given(name)) for name in one.parameters if name)
        known = {name: texts[0] for name, texts in given if len(texts) == 1}
        values = {
            part: known[name].replace(HOLE, "*")
            for part, name in zip(formats.parts(one.rest), one.parameters, strict=True)
            if name in known
        }
        yield from ((text, True) for text in shapes.inside(kind, others, parents, values))


def _paths(own: str, named: naming.Named, part: str) -> tuple[str, ...]:
    more = named.get(part, ())
    return (own, *more) if own else more


def _at(call: Call, path: str) -> list[str]:
    return places.at(call, path).any_text if "." in path else call.given(path)


def _given(call: Call, name: str) -> list[str]:
    """Return the texts that a parameter may be; a dict is none, whatever it is called."""
    value = call.params.get(name, frozenset())
    inside = [value, *call.items(value)]
    entries = (key for item in inside for key, _ in call.entries(item))
    found = [] if any(key != HOLE for key in entries) else _at(call, name)
    in_arns = table.IN_ARNS.get((call.use.service, name), {})
    return [one for text in found for one in in_arns.get(text, (text,))]


def _joined(rest: str, names: tuple[str, ...], last: int) -> str:
    """Return *rest* with its parts, of which the one at *last* may be an ARN, or have the rest."""
    literals = PART.split(rest)[::2]
    start, after = literals[last], literals[last + 1 :]
    named = names[last]
    if not last and not named.startswith("arn:"):
        # Source: Route 53 API reference, "HostedZone", "Id": `/hostedzone/Z1`. Of parameters of
        # Systems Manager, the list says that their slash is left out; elsewhere it is of the name.
        plain = named.lstrip("/")
        is_whole = bool(start) and plain.startswith(start)
        named = plain.removeprefix(start) if is_whole or "WithoutLeadingSlash" in rest else named
    is_arn = named.startswith("arn:")
    # Of some types, nothing stands before the name: `arn:aws:sns:R:A:topic`.
    own = (named.partition(start)[2] if start else named.split(":", 5)[-1]) if is_arn else named
    has_rest = len(after) > 1 and after[0] in MARK.sub("", own)
    end = "" if has_rest else HOLE.join(after)
    if is_arn:
        return named + end
    parts = zip(literals, names[:last], strict=False)
    before = "".join(literal + _inside(literal, _last_name(name)) for literal, name in parts)
    return before + start + _inside(start, named) + end


def _inside(literal: str, name: str) -> str:
    """Return a name without what stands before it in an ARN: `p-1` of `p-${PolicyId}`."""
    return name.removeprefix(re.split("[:/]", literal)[-1])


def _last_name(name: str) -> str:
    return name.rpartition("/")[2] if name.startswith("arn:") else name
