"""Which place of the configuration wins: the one rule that `Config` and the checks share.

For one function of one stage, from the strongest: the function in its stage, the command line, the
stage, the function at the top level, the top level, the default (as AWS Chalice 1.34). Objects that
are merged take: default, top level, stage, the function in its stage, command line; the later wins
name by name. The top-level `lambda_functions` takes no part in merging.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalice.config.keys import FUNCTIONS, STAGES, Scope
from chalice.config.reader import as_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chalice.config.keys import Key

# The places that are not in the file.
GIVEN = ("command line",)
DEFAULT = ("default",)


def places(key: Key, stage: str, function: str) -> tuple[tuple[str, ...], ...]:
    """Return the paths of the objects in which *key* is looked up, the strongest first."""
    in_stage = (STAGES, stage)
    top: tuple[str, ...] = ()
    if key.scope is Scope.TOP:
        return (GIVEN, top, DEFAULT)
    if key.scope is Scope.STAGE:
        return (GIVEN, in_stage, top, DEFAULT)
    in_stage_function = (STAGES, stage, FUNCTIONS, function)
    if key.merged:
        return (GIVEN, in_stage_function, in_stage, top, DEFAULT)
    return (in_stage_function, GIVEN, in_stage, (FUNCTIONS, function), top, DEFAULT)


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that may set a key, as plain data that nothing has checked."""

    disk: Mapping[str, object] = field(default_factory=dict[str, object])
    given: Mapping[str, object] = field(default_factory=dict[str, object])
    defaults: Mapping[str, object] = field(default_factory=dict[str, object])

    def value(self, key: Key, stage: str, function: str) -> object:
        """Return the value that wins, or None where the key is written nowhere."""
        return next((value for _, value in self.found(key, stage, function)), None)

    def merged(self, key: Key, stage: str, function: str) -> dict[str, object]:
        """Return the objects of all places in one."""
        result: dict[str, object] = {}
        for _, value in reversed(list(self.found(key, stage, function))):
            result.update(as_object(value))
        return result

    def found(self, key: Key, stage: str, function: str) -> Iterator[tuple[Sequence[str], object]]:
        """Yield each place that sets *key* and what it sets, the strongest first."""
        for path in places(key, stage, function):
            value = self._object(path).get(key.name)
            if value is not None:
                yield path, value

    def _object(self, path: tuple[str, ...]) -> Mapping[str, object]:
        if path == GIVEN:
            return self.given
        if path == DEFAULT:
            return self.defaults
        return object_at(self.disk, path)


def object_at(values: Mapping[str, object], path: Sequence[str]) -> Mapping[str, object]:
    """Return the object at *path*; an empty one where there is none."""
    current: Mapping[str, object] = values
    for name in path:
        current = as_object(current.get(name))
    return current
