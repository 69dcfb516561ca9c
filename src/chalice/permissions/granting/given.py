"""What a call of an operation is given: its parameters, which may hang on how it is written."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalice.permissions.reading.values import (
    HOLE,
    OFF,
    Box,
    Generator,
    Record,
    Tuple,
    Use,
    Value,
    texts,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from chalice.permissions.reading.engine import Engine

    #: Returns the uses of a program, each with what is known of everything else where it is.
    Others = Callable[[], Iterable[tuple[Use, Engine]]]

# Arguments that hold parameters, as presigned URLs and transfers take them; None is `**`.
_HOLDERS = (None, "ExtraArgs", "Params")

_NONE: Value = frozenset([None])

#: A prefix, an action and its resources.
Granted = tuple[str, str, list[str]]


def nobody() -> Iterable[tuple[Use, Engine]]:
    """Return no use: nothing else is known of the program."""
    return ()


@dataclass(frozen=True, slots=True)
class Call:
    """A use, with what is known of its parameters.

    Attributes:
        use: the use.
        engine: what is in containers.
        params: values by name.
        others: returns the uses of the program, which may say what this one names.
    """

    use: Use
    engine: Engine
    params: dict[str, Value] = field(default_factory=dict[str, Value])
    others: Others = nobody

    def has(self, name: str) -> bool:
        """Return whether a parameter is given."""
        value = self.params.get(name)
        return value is not None and not value <= _NONE

    def always(self, name: str) -> bool:
        """Return whether a parameter that is given is given each time.

        One that stands in the call is; one of a dict that is given as a whole may be in it or not.
        """
        node = self.use.node
        if not isinstance(node, ast.Call):
            return True
        holders = [*node.args, *(item.value for item in node.keywords if item.arg in _HOLDERS)]
        named = (key for item in holders if isinstance(item, ast.Dict) for key in item.keys)
        return (
            not holders
            or name in self.use.certain
            or any(item.arg == name for item in node.keywords)
            or any(isinstance(key, ast.Constant) and key.value == name for key in named)
        )

    def given(self, name: str) -> list[str]:
        """Return the texts that a parameter may be; `HOLE` where there is anything else."""
        value = self.params.get(name)
        if value is None:
            return [HOLE] if "**" in self.params and name in self._possible() else []
        return self._texts(value)

    def _texts(self, value: Value) -> list[str]:
        found = frozenset(atom for atom in value if atom is not None)
        if not found:
            return [] if value else [HOLE]
        flat = [item for atom in found for item in self._flat(atom)]
        return sorted(set(flat))

    def _possible(self) -> frozenset[str]:
        service = self.engine.services.get(self.use.service)
        return service.inputs.get(self.use.operation, frozenset()) if service else frozenset()

    def _flat(self, atom: object) -> list[str]:
        if isinstance(atom, str):
            return [atom]
        if isinstance(atom, (Box, Tuple)):
            items = list(self.items(frozenset([atom])))
            if items:
                return [text for item in items for text in texts(item) or [HOLE]]
        return [HOLE]

    def items(self, value: Value) -> Iterator[Value]:
        """Yield what is in lists."""
        for atom in value:
            if isinstance(atom, Tuple):
                yield from (*atom.items, *([atom.rest] if atom.rest else []))
            elif isinstance(atom, Generator):
                yield atom.items
            elif isinstance(atom, Box):
                for key in self.engine.look(("keys", atom)):
                    yield self.engine.look(("item", atom, key))

    def entries(self, value: Value) -> Iterator[tuple[str, Value]]:
        """Yield what is in dicts, by key; `HOLE` is a key that is not known."""
        for atom in value:
            if isinstance(atom, Record):
                yield from atom.items
            elif isinstance(atom, Box):
                for key in self.engine.look(("keys", atom)):
                    item = self.engine.look(("item", atom, key))
                    yield (key if isinstance(key, str) else HOLE), item
            else:
                yield HOLE, frozenset()


def call_of(use: Use, engine: Engine, others: Others = nobody) -> Call:
    """Return *use* as a call whose parameters can be asked for."""
    params = {
        name: (value - {OFF}) | {None} if OFF in value else value for name, value in use.params
    }
    return Call(use, engine, params, others)
