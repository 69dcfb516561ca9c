"""Where something stands in the parameters of a call: names of members, from the parameter on.

`Targets!.RoleArn` is the member `RoleArn` of each dict in the list `Targets`, which is required;
`Roles.*` is what is under any key, `Attributes.*RoleArn` under those that end so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.permissions.reading.values import (
    ANYTHING,
    UNKNOWN,
    Box,
    Generator,
    Record,
    Tuple,
    Value,
    texts,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from chalice.permissions.granting.given import Call

#: After the name of a member that is required.
REQUIRED = "!"


def texts_at(call: Call, place: str) -> tuple[list[str], bool]:
    """Return the texts at *place*, and whether it may have others that cannot be known.

    A text that is given and not known is `HOLE`. So is one that would have to be in what is not
    known: `**anything`, where each member on the way is required.
    """
    return _texts(_at(call, place))


def pairs_at(call: Call, first: str, second: str) -> Iterator[tuple[list[str], list[str], bool]]:
    """Yield the texts at two places in each dict that has them, or in the parameters.

    The third is whether there may be others, which cannot be known.
    """
    holder, _, one = first.rpartition(".")
    other = second.rpartition(".")[2]
    if not holder:
        found, others = texts_at(call, one), texts_at(call, other)
        yield found[0], others[0], found[1] or others[1]
        return
    for atom, is_open in _at(call, holder):
        value = frozenset([atom])
        found, others = (_texts(_under(call, value, [name])) for name in (one, other))
        yield found[0], others[0], is_open or found[1] or others[1]


def names_of(place: str) -> list[str]:
    """Return the names of the members on the way to *place*.

    >>> names_of("Targets!.Parameters.*.RoleArn")
    ['Targets', 'Parameters', 'RoleArn']
    """
    steps = (step.removesuffix(REQUIRED) for step in place.split("."))
    return [step for step in steps if not step.startswith("*")]


# What is at a place, and whether there may be anything else; None where that is all there is.
_Found = tuple[object, bool]


def _texts(found: Iterable[_Found]) -> tuple[list[str], bool]:
    texts_of: set[str] = set()
    any_open = False
    for atom, is_open in found:
        any_open = any_open or is_open
        texts_of.update([] if atom is None else texts(frozenset([atom])))
    return sorted(texts_of), any_open


def _at(call: Call, place: str) -> Iterator[_Found]:
    first, *rest = place.split(".")
    given = call.params.get(first.removesuffix(REQUIRED))
    if given is not None:
        yield from _under(call, given or ANYTHING, rest)
    elif "**" in call.params:
        yield _unknown([first, *rest])


def _unknown(steps: Sequence[str]) -> _Found:
    is_there = all(step.endswith(REQUIRED) for step in steps)
    return (UNKNOWN, False) if is_there else (None, True)


def _under(
    call: Call, value: Value, steps: Sequence[str], around: frozenset[Box] = frozenset()
) -> Iterator[_Found]:
    """Yield what is at *steps* in *value*, which stands in the lists *around*."""
    for atom in value:
        if atom is None:
            continue
        if isinstance(atom, Tuple | Generator):
            for item in call.items(frozenset([atom])):
                yield from _under(call, item or ANYTHING, steps, around)
        elif isinstance(atom, Box) and (steps or not _is_dict(call, atom)):
            yield from () if atom in around else _in_box(call, atom, steps, around)
        elif not steps:
            yield atom, False
        elif isinstance(atom, Record):
            yield from _in_record(call, atom, steps)
        elif not isinstance(atom, str | int | float):
            yield _unknown(steps)


def _in_record(call: Call, record: Record, steps: Sequence[str]) -> Iterator[_Found]:
    named = [value for key, value in record.items if _is_step(steps[0], key)]
    for value in named:
        yield from _under(call, value or ANYTHING, steps[1:])
    if record.rest and not named:
        yield _unknown(steps)


def _in_box(call: Call, box: Box, steps: Sequence[str], around: frozenset[Box]) -> Iterator[_Found]:
    """Yield what is in a list or dict: positions are items, and so may be keys that are unknown."""
    keys = call.engine.look(("keys", box))
    names = [key for key in keys if isinstance(key, str) and steps and _is_step(steps[0], key)]
    for name in names:
        item = call.engine.look(("item", box, name))
        yield from _under(call, item or ANYTHING, steps[1:])
    for key in keys:
        if isinstance(key, str):
            continue
        item = call.engine.look(("item", box, key)) or ANYTHING
        if isinstance(key, int) or not steps or any(map(_holds, item)):
            yield from _under(call, item, steps, around | {box})
        elif not names:
            yield _unknown(steps)


def _is_dict(call: Call, box: Box) -> bool:
    return any(isinstance(key, str) for key in call.engine.look(("keys", box)))


def _holds(atom: object) -> bool:
    return isinstance(atom, Box | Tuple | Record | Generator)


def _is_step(step: str, key: str) -> bool:
    if step.startswith("*"):
        return key.endswith(step[1:])
    return key == step.removesuffix(REQUIRED)
