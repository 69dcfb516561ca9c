"""What a call is given at a path: `Targets[].RoleArn`, `Settings{}.Name`.

A path is written as botocore's models have it: `[]` is each item of a list, `{}` each value of a
map.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.permissions.reading.values import HOLE, Box, Generator, Record, Tuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalice.permissions.granting.given import Call
    from chalice.permissions.reading.values import Value

_STEP = re.compile(r"\[\]|\{\}|[^.\[{]+")
# How far below something unknown a member may be, and is still reckoned with: what is deeper is one
# of too many things that may be there.
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Found:
    """What a call is given at a path.

    Attributes:
        texts: what it may be; `HOLE` where that is only known when it runs.
        is_possible: whether it may be given, in something of which not even that is known.
    """

    texts: tuple[str, ...]
    is_possible: bool = False

    def __bool__(self) -> bool:
        """Return whether it is given, or may be."""
        return bool(self.texts) or self.is_possible


def at(call: Call, path: str) -> Found:
    """Return what *call* is given at *path*; what is said to be off is not given."""
    if _is_off(call, path):
        return Found(())
    values, is_possible = _values(call, path)
    found = [text for value in values for text in _texts(value)]
    return Found(tuple(dict.fromkeys(found)), is_possible)


def _is_off(call: Call, name: str) -> bool:
    """Return whether False is written for a parameter; of values, the reader keeps none that is."""
    node = call.use.node
    given = node.keywords if isinstance(node, ast.Call) else []
    return any(
        item.arg == name and isinstance(item.value, ast.Constant) and item.value.value is False
        for item in given
    )


def beside(call: Call, path: str, *names: str) -> tuple[list[tuple[Found, ...]], bool]:
    """Return the members *names* of each structure at *path*, and whether there may be others.

    Args:
        call: the call.
        path: of the structures; empty for the call itself.
        names: of their members; an empty one is never given.
    """
    if not path:
        found = [at(call, name) if name else Found(()) for name in names]
        return [tuple(found)], any(item.is_possible for item in found)
    values, is_possible = _values(call, path)
    rows: list[tuple[Found, ...]] = []
    nothing: tuple[list[Value], bool] = ([], False)
    for value in values:
        inside = [_step(call, value, name) if name else nothing for name in names]
        rows.append(tuple(_found(items) for items, _ in inside))
        is_possible = is_possible or any(unknown for _, unknown in inside)
    return rows, is_possible


def _found(values: list[Value]) -> Found:
    return Found(tuple(dict.fromkeys(text for value in values for text in _texts(value))))


def _values(call: Call, path: str) -> tuple[list[Value], bool]:
    """Return the values at *path*, and whether there may be one in something that is unknown."""
    first, *rest = _STEP.findall(path)
    if first not in call.params:
        return [], "**" in call.params and len(rest) <= _NEAR
    values = [call.params[first]]
    is_possible = False
    for position, step in enumerate(rest):
        below = len([item for item in rest[position:] if item not in ("[]", "{}")])
        inner: list[Value] = []
        for value in values:
            found, unknown = _step(call, value, step)
            inner += found
            is_possible = is_possible or (unknown and below <= _NEAR)
        values = inner
    return values, is_possible


def _step(call: Call, value: Value, step: str) -> tuple[list[Value], bool]:
    """Return what is one step further, and whether *value* may be something unknown."""
    known = frozenset(atom for atom in value if atom is not None)
    if step == "[]":
        lists = frozenset(atom for atom in known if isinstance(atom, Tuple | Generator | Box))
        return list(call.items(lists)), lists != known or not value
    dicts = frozenset(atom for atom in known if isinstance(atom, Record | Box))
    found: list[Value] = []
    unknown = dicts != known or not value
    for key, inner in call.entries(dicts):
        if step in (key, "{}"):
            found.append(inner)
        elif key == HOLE:
            unknown = True
    return found, unknown


def _texts(value: Value) -> Iterator[str]:
    """Yield the texts of a value; `HOLE` where it may be anything else that is given."""
    for atom in value or (HOLE,):
        if atom is not None:
            yield atom if isinstance(atom, str) else HOLE
