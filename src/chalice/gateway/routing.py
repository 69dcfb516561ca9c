"""Which method of which resource answers: the tree of resources and the walk through it.

Per segment a literal goes before `{name}`, and that before `{name+}` (rule 3.1). The match is on
resource and verb: where the most specific resource does not serve the verb, the most specific
`{name+}` in the tree that does answers (rule 3.2). What AWS does between two branches that are not
greedy is unknown; here the walk does not turn back from a literal to a sibling `{name}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from chalice.gateway.stage import segments
from chalice.rules.facts import VERBS
from chalice.rules.paths import is_greedy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

T = TypeVar("T")

_KNOWN_VERBS = frozenset(VERBS)


class _Node(Generic[T]):
    """One resource, or a part of a path that is none; *methods* are by verb, `ANY` for all."""

    __slots__ = ("greedy", "literals", "methods", "name", "variable")

    def __init__(self, name: str) -> None:
        self.name = name
        self.literals: dict[str, _Node[T]] = {}
        self.variable: _Node[T] | None = None
        self.greedy: _Node[T] | None = None
        self.methods: Mapping[str, T] = {}

    def serves(self, verb: str) -> T | None:
        methods = self.methods
        return methods.get(verb) or methods.get("ANY")


class Routes(Generic[T]):
    """The resources of an API; `add` them all, then `match`."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node("")

    def add(self, path: str, methods: Mapping[str, T]) -> None:
        """Add the resource *path* with its *methods* by verb; `ANY` serves every verb."""
        node = self._root
        for part in segments(path):
            if is_greedy(part):
                node.greedy = node.greedy or _Node(part[1:-2])
                node = node.greedy
            elif part.startswith("{"):
                node.variable = node.variable or _Node(part[1:-1])
                node = node.variable
            else:
                node = node.literals.setdefault(part, _Node(part))
        node.methods = methods

    def match(self, verb: str, path: str) -> tuple[T, dict[str, str] | None] | None:
        """Return what serves *verb* on *path*, with the captured values (None for none).

        Values are as they stand in the path (rules 1.8 and 1.9).
        """
        if verb not in _KNOWN_VERBS:
            return None
        parts = segments(path)
        node = self._root
        captured: dict[str, str] | None = None
        for part in parts:
            following = node.literals.get(part)
            if following is None:
                following = node.variable
                if following is None or not part:
                    return _greedy(self._root, verb, parts, 0, ())
                captured = {} if captured is None else captured
                captured[following.name] = part
            node = following
        found = node.serves(verb)
        if found is not None:
            return found, captured
        return _greedy(self._root, verb, parts, 0, ())

    def has_resource(self, path: str) -> bool:
        """Return whether a resource without `{name+}` is at *path*, whatever verbs it serves.

        Where there is one and a greedy one answers, it answers in its place (rule 3.2).
        """
        node = self._root
        for part in segments(path):
            following = node.literals.get(part) or (node.variable if part else None)
            if following is None:
                return False
            node = following
        return bool(node.methods)


def _greedy(
    node: _Node[T],
    verb: str,
    parts: Sequence[str],
    at: int,
    captured: tuple[tuple[str, str], ...],
) -> tuple[T, dict[str, str] | None] | None:
    """Return the most specific greedy resource below *node* that serves *verb*."""
    if at == len(parts):
        return None
    part = parts[at]
    literal = node.literals.get(part)
    if literal is not None:
        found = _greedy(literal, verb, parts, at + 1, captured)
        if found is not None:
            return found
    if node.variable is not None and part:
        values = (*captured, (node.variable.name, part))
        found = _greedy(node.variable, verb, parts, at + 1, values)
        if found is not None:
            return found
    if node.greedy is None:
        return None
    served = node.greedy.serves(verb)
    value = "/".join(parts[at:]).lstrip("/")
    if served is None or not value:
        return None
    return served, dict((*captured, (node.greedy.name, value)))
