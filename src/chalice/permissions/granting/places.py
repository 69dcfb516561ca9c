"""Where something stands in the parameters of a call, and what a call is given there.

A place is the names of members, from the parameter on, as all lists in `data/` have them:
`Targets!.RoleArn` is the member `RoleArn` of each dict in the list `Targets`, which is required.
Lists are no step. `Roles.*` is what is under any key, `Attributes.*RoleArn` under one that ends so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.permissions.reading.values import (
    ANYTHING,
    HOLE,
    OFF,
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

# How far below something unknown a member may be, and is near: what is deeper is one of too many
# things that may be there to tell of each.
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Found:
    """What a call is given at a place.

    Attributes:
        texts: what it may be; `HOLE` where that is only known when it runs. So is one that would
            have to be in what is not known: `**anything`, where each member on the way is required.
        is_possible: whether it may be given, in something of which not even that is known.
        is_near: whether that is not far above it.
    """

    texts: tuple[str, ...]
    is_possible: bool = False
    is_near: bool = False

    @property
    def any_text(self) -> list[str]:
        """What it may be, with `HOLE` where it may be given and nobody knows."""
        return [*self.texts, *([HOLE] if self.is_possible and HOLE not in self.texts else [])]


_NONE = Found(())


def at(call: Call, place: str) -> Found:
    """Return what *call* is given at *place*; what is said to be off is not given."""
    return _found(call, _at(call, place))


def is_given(call: Call, place: str) -> bool:
    """Return whether *call* is, or may be, given anything at *place*, if only an empty list."""
    return any(True for _ in _at(call, place))


def beside(call: Call, holder: str, *names: str) -> Iterator[tuple[Found, ...]]:
    """Yield what the members *names* of each dict at *holder* are.

    Args:
        call: the call.
        holder: the place of the dicts; empty for the parameters themselves.
        names: of their members; an empty one is never given.
    """
    if not holder:
        yield tuple(at(call, name) if name else _NONE for name in names)
        return
    for found, depth in _at(call, holder):
        if depth is not None:
            possible = Found((), is_possible=True, is_near=depth <= _NEAR)
            yield tuple(possible if name else _NONE for name in names)
            continue
        for atom in _flat(call, found, frozenset()):
            value = frozenset([atom])
            yield tuple(
                _found(call, _under(call, value, [name])) if name else _NONE for name in names
            )


def names_of(place: str) -> list[str]:
    """Return the names of the members on the way to *place*.

    >>> names_of("Targets!.Parameters.*.RoleArn")
    ['Targets', 'Parameters', 'RoleArn']
    """
    steps = (step.removesuffix(REQUIRED) for step in place.split("."))
    return [step for step in steps if not step.startswith("*")]


# What is at a place; or None, and how many members below a parameter, or what of it is unknown.
_Atom = tuple[object, int | None]


def _found(call: Call, atoms: Iterable[_Atom]) -> Found:
    found: set[str] = set()
    depths: list[int] = []
    for atom, depth in atoms:
        depths += [] if depth is None else [depth]
        for item in () if atom is None else _flat(call, atom, frozenset()):
            found.update(texts(frozenset([item])))
    return Found(tuple(sorted(found)), bool(depths), any(depth <= _NEAR for depth in depths))


def _flat(call: Call, atom: object, around: frozenset[object]) -> Iterator[object]:
    """Yield what is in lists, and in lists of such, but None."""
    if atom in around:
        return
    if isinstance(atom, Tuple | Generator) or (isinstance(atom, Box) and not _is_dict(call, atom)):
        for value in call.items(frozenset([atom])):
            for item in value or ANYTHING:
                if item is not None:
                    yield from _flat(call, item, around | {atom})
    else:
        yield atom


def _at(call: Call, place: str) -> Iterator[_Atom]:
    """Yield what is at *place*, lists as they are, but None."""
    first, *rest = place.split(".")
    given = call.params.get(first.removesuffix(REQUIRED))
    if given is not None:
        yield from _under(call, given or ANYTHING, rest)
    elif "**" in call.params:
        yield _unknown(rest) if first.endswith(REQUIRED) else (None, len(rest))


def _unknown(steps: Sequence[str]) -> _Atom:
    is_there = all(step.endswith(REQUIRED) for step in steps)
    return (UNKNOWN, None) if is_there else (None, len(steps))


def _under(
    call: Call, value: Value, steps: Sequence[str], around: frozenset[Box] = frozenset()
) -> Iterator[_Atom]:
    """Yield what is at *steps* in *value*, which stands in the lists *around*."""
    for atom in value:
        if atom is None or atom is OFF:
            continue
        if not steps:
            yield atom, None
        elif isinstance(atom, Tuple | Generator):
            for item in call.items(frozenset([atom])):
                yield from _under(call, item or ANYTHING, steps, around)
        elif isinstance(atom, Box):
            yield from () if atom in around else _in_box(call, atom, steps, around)
        elif isinstance(atom, Record):
            yield from _in_record(call, atom, steps)
        elif not isinstance(atom, str | int | float):
            yield _unknown(steps)


def _in_record(call: Call, record: Record, steps: Sequence[str]) -> Iterator[_Atom]:
    named = [value for key, value in record.items if _is_step(steps[0], key)]
    for value in named:
        yield from _under(call, value or ANYTHING, steps[1:])
    if record.rest and not named:
        yield _unknown(steps)


def _in_box(call: Call, box: Box, steps: Sequence[str], around: frozenset[Box]) -> Iterator[_Atom]:
    """Yield what is in a list or dict: positions are items, and so may be keys that are unknown."""
    keys = call.engine.look(("keys", box))
    names = [key for key in keys if isinstance(key, str) and _is_step(steps[0], key)]
    for name in names:
        item = call.engine.look(("item", box, name))
        yield from _under(call, item or ANYTHING, steps[1:])
    for key in keys:
        if isinstance(key, str):
            continue
        item = call.engine.look(("item", box, key)) or ANYTHING
        if isinstance(key, int) or any(map(_holds, item)):
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
