"""Where something stands in the parameters of a call: names of members, from the parameter on.

`Targets!.RoleArn` is the member `RoleArn` of each dict in the list `Targets`, which is required;
`Roles.*` is what is under any key, `Attributes.*RoleArn` under those that end so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.permissions.reading.values import (
    ANYTHING,
    HOLE,
    Box,
    Generator,
    Record,
    Tuple,
    Value,
    texts,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalice.permissions.granting.given import Call

#: After the name of a member that is required.
REQUIRED = "!"


def texts_at(call: Call, place: str) -> tuple[list[str], bool]:
    """Return the texts at *place*, and whether it may have others that cannot be known.

    A text that is given and not known is `HOLE`. So is one that would have to be in what is not
    known: `**anything`, where each member on the way is required.
    """
    first, *rest = place.split(".")
    name = first.removesuffix(REQUIRED)
    given = call.params.get(name)
    if given is None:
        left = [first, *rest]
        return _unknown(left) if "**" in call.params else ([], False)
    found: set[str] = set()
    is_open = False
    for text, may_be in _under(call, given or ANYTHING, rest):
        found.update(text)
        is_open = is_open or may_be
    return sorted(found), is_open


def names_of(place: str) -> list[str]:
    """Return the names of the members on the way to *place*.

    >>> names_of("Targets!.Parameters.*.RoleArn")
    ['Targets', 'Parameters', 'RoleArn']
    """
    steps = (step.removesuffix(REQUIRED) for step in place.split("."))
    return [step for step in steps if not step.startswith("*")]


def _unknown(steps: list[str]) -> tuple[list[str], bool]:
    if all(step.endswith(REQUIRED) for step in steps):
        return [HOLE], False
    return [], True


def _under(
    call: Call, value: Value, steps: list[str], around: frozenset[Box] = frozenset()
) -> Iterator[tuple[list[str], bool]]:
    """Yield what is at *steps* in *value*, which stands in the lists *around*."""
    for atom in value:
        if atom is None:
            continue
        if isinstance(atom, Tuple | Generator):
            for item in call.items(frozenset([atom])):
                yield from _under(call, item or ANYTHING, steps, around)
        elif isinstance(atom, Box):
            yield from () if atom in around else _in_box(call, atom, steps, around)
        elif not steps:
            yield texts(frozenset([atom])), False
        elif isinstance(atom, Record):
            yield from _in_record(call, atom, steps)
        elif not isinstance(atom, str | int | float):
            yield _unknown(steps)


def _in_record(call: Call, record: Record, steps: list[str]) -> Iterator[tuple[list[str], bool]]:
    under = [value for key, value in record.items if _is_step(steps[0], key)]
    for value in under:
        yield from _under(call, value or ANYTHING, steps[1:])
    if record.rest and not under:
        yield _unknown(steps)


def _in_box(
    call: Call, box: Box, steps: list[str], around: frozenset[Box]
) -> Iterator[tuple[list[str], bool]]:
    """Yield what is in a list or dict: positions are items, and so may be keys that are unknown."""
    keys = call.engine.look(("keys", box))
    under = [key for key in keys if isinstance(key, str) and steps and _is_step(steps[0], key)]
    for key in under:
        item = call.engine.look(("item", box, key))
        yield from _under(call, item or ANYTHING, steps[1:])
    for key in keys:
        if isinstance(key, str):
            continue
        item = call.engine.look(("item", box, key)) or ANYTHING
        if isinstance(key, int) or not steps or any(map(_holds, item)):
            yield from _under(call, item, steps, around | {box})
        elif not under:
            yield _unknown(steps)


def _holds(atom: object) -> bool:
    return isinstance(atom, Box | Tuple | Record | Generator)


def _is_step(step: str, key: str) -> bool:
    if step.startswith("*"):
        return key.endswith(step[1:])
    return key == step.removesuffix(REQUIRED)
