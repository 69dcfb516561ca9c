"""What a call gives to a function."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from chalice.permissions.reading.values import NOTHING, Value, join

_NONE: Value = frozenset([None])


# Made for every call that is read; a frozen one takes three times as long to make.
@dataclass(slots=True)
class Arguments:
    """What a call gives; nobody changes it.

    Attributes:
        args: by position.
        keywords: by name.
        rest: what may follow by position.
        others: what may be under any name.
        optional: names of those of `keywords` that may not be given: of a dict that may lack them.
    """

    args: tuple[Value, ...]
    keywords: dict[str, Value]
    rest: Value = NOTHING
    others: Value = NOTHING
    optional: frozenset[str] = frozenset()

    def kept(self) -> tuple[tuple[str, Value], ...]:
        """Return what is given by name for what holds it: None is what may not be given."""
        pairs = sorted(self.keywords.items())
        if not self.optional:
            return tuple(pairs)
        return tuple(
            (key, join(item, _NONE) if key in self.optional else item) for key, item in pairs
        )

    def certain(self, node: ast.expr) -> frozenset[str]:
        """Return the names that a dict which stands at *node* with `**` certainly has."""
        if not isinstance(node, ast.Call) or all(item.arg is not None for item in node.keywords):
            return frozenset()
        found = [name for name, value in self.keywords.items() if None not in value]
        return frozenset(found) - self.optional

    def get(self, position: int, name: str) -> Value:
        """Return the argument at *position* or called *name*; nothing where there is none."""
        if name in self.keywords:
            return self.keywords[name]
        if 0 <= position < len(self.args):
            return self.args[position]
        return join(self.rest, self.others)

    def after(self, count: int) -> Arguments:
        """Return the arguments without the first *count*."""
        return Arguments(self.args[count:], self.keywords, self.rest, self.others, self.optional)
