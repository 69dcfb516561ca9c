"""One run of a body: its names, and where they are looked up."""

from __future__ import annotations

import builtins
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from chalice.permissions.reading import annotated
from chalice.permissions.reading.engine import Task
from chalice.permissions.reading.values import NOTHING, Use, Value, external, join

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Sequence

    from chalice.permissions.reading.arguments import Arguments
    from chalice.permissions.reading.engine import Engine
    from chalice.permissions.reading.program import ClassInfo, Source
    from chalice.permissions.reading.values import ClassOf, Collection, External

_BUILTINS = frozenset(dir(builtins)) | {"__name__", "__file__"}

Names = dict[str, Value]


class Language(Protocol):
    """What the parts of the interpreter ask of each other; `reader` puts them together."""

    def evaluate(self, run: Run, node: ast.expr) -> Value:
        """Return what an expression may be."""
        ...

    def bind(self, run: Run, target: ast.expr, value: Value) -> None:
        """Give the left side of an assignment a value."""
        ...

    def call(self, run: Run, callee: object, args: Arguments, node: ast.expr) -> Value:
        """Return what a call gives."""
        ...

    def attribute(self, run: Run, owner: object, name: str, node: ast.expr) -> Value:
        """Return an attribute of an object."""
        ...

    def write(self, run: Run, owner: object, name: str, value: Value) -> None:
        """Give an attribute of an object a value."""
        ...

    def entered(self, run: Run, value: Value, node: ast.expr) -> Value:
        """Return what `with value as` gives."""
        ...

    def item(self, run: Run, owner: External, keys: Value, node: ast.Subscript) -> Value:
        """Return what a name of another package has under keys."""
        ...

    def members(self, run: Run, owner: Collection, node: ast.expr) -> Value:
        """Return what a loop over a collection of the SDK gives."""
        ...


@dataclass(slots=True)
class Run:
    """The names of a body while it runs, and what comes out of it."""

    engine: Engine
    task: Task
    language: Language
    env: Names = field(default_factory=dict[str, Value])
    before: dict[str, Value | None] = field(default_factory=dict[str, "Value | None"])
    """What the names that this branch has changed were before it."""
    in_loop: bool = False
    """Whether a loop around this one runs it again."""
    way: int = 0
    """Which of the pairs that a loop goes over it has now: what is called with them is apart."""
    has_default: bool = False
    """Whether the code around has something else for a variable that is not set."""
    shared: bool = False
    """Whether functions that are made here may look at its names."""
    is_plain: bool = True
    """Whether what a name has here is all that it means: it is not shared, nor somebody else's."""
    klass: ClassInfo | None = None
    """The class whose body this is."""
    of: ClassOf | None = None
    module_names: frozenset[str] = frozenset()
    outer_names: frozenset[str] = frozenset()
    returns: Value = NOTHING
    yields: Value = NOTHING
    is_generator: bool = False
    uses: dict[tuple[int, int, str, str, str], Use] = field(
        default_factory=dict[tuple[int, int, str, str, str], Use]
    )
    _seen: tuple[Task, ...] | None = None

    @property
    def source(self) -> Source:
        """The module that the body is in."""
        return self.task.source

    def evaluate(self, node: ast.expr) -> Value:
        """Return what *node* may be."""
        return self.language.evaluate(self, node)

    def call(self, callee: object, args: Arguments, node: ast.expr) -> Value:
        """Return what calling *callee* gives."""
        return self.language.call(self, callee, args, node)

    def place(self, node: ast.AST) -> str:
        """Return where *node* is: `app.py:4`."""
        return f"{self.source.path}:{getattr(node, 'lineno', 1)}"

    def assign(self, name: str, value: Value) -> None:
        """Give *name* a value."""
        if name in self.module_names:
            self.engine.write_name(self.source.name, name, value)
            self.engine.write(("changed", self.source.name, name), value)
        elif name in self.outer_names:
            for frame in self._outer():
                if self.engine.look(("var", frame, name)):
                    self.engine.write(("var", frame, name), value)
                    self.engine.write(("changed", frame, name), value)
                    break
        else:
            self.set(name, value)
            if self.shared and self.klass is None:
                self._write(name, value)

    def set(self, name: str, value: Value) -> None:
        """Give *name* a value here, for what comes after."""
        if name not in self.before:
            self.before[name] = self.env.get(name)
        self.env[name] = value

    def _write(self, name: str, value: Value) -> None:
        if self.task.closure is None:
            self.engine.write_name(self.source.name, name, value)
        else:
            self.engine.write(("var", self._frame, name), value)

    def branch(self, way: Callable[[], bool]) -> tuple[bool, Names]:
        """Go one *way* and come back: return whether it has an end, and the names it has changed.

        Only what changes is remembered, so that a branch costs what is written in it.
        """
        around, self.before = self.before, {}
        ends = way()
        changed: Names = {}
        for name, value in self.before.items():
            changed[name] = self.env[name]
            if value is None:
                del self.env[name]
            else:
                self.env[name] = value
        self.before = around
        return ends, changed

    def merge(self, ends: Sequence[Names]) -> None:
        """Let each name be what any of *ends* has made it; one that is not in an end is as here."""
        if not any(ends):
            return
        found: dict[str, dict[Value, None]] = {}
        counts: dict[str, int] = {}
        for end in ends:
            for name, value in end.items():
                found.setdefault(name, {})[value] = None
                counts[name] = counts.get(name, 0) + 1
        for name, values in found.items():
            if counts[name] < len(ends) and name in self.env:
                values[self.env[name]] = None
            self.set(name, join(NOTHING, *values))

    def share(self) -> None:
        """Let functions that are made here see its names, now and later."""
        if not self.shared and self.klass is None:
            self.shared, self.is_plain = True, False
            for name, value in self.env.items():
                self._write(name, value)

    def name(self, name: str) -> Value:
        """Return what *name* means here; nothing while nobody has given it a value."""
        engine, task = self.engine, self.task
        if name not in self.module_names:
            value = self.env.get(name)
            if value is not None and name not in self.outer_names:
                if not self.shared:
                    return value
                return join(value, engine.read(("changed", self._frame, name), task))
            for frame in self._frames:
                value = engine.read(("var", frame, name), task)
                if value:
                    return value
        value = engine.read(("var", self.source.name, name), task)
        if not value and name in _BUILTINS:
            return external(f"builtins.{name}")
        return annotated.name_of(self, name, value) if name in engine.typed else value

    def use(self, found: Use) -> None:
        """Take note of a call of an operation; of one expression, all that it may be given."""
        key = (id(found.node), self.way, found.service, found.operation, found.region)
        known = self.uses.get(key)
        if known is not None:
            params = dict(known.params)
            for name, value in found.params:
                params[name] = join(params.get(name, NOTHING), value)
            certain = found.certain & known.certain
            found = replace(found, params=tuple(params.items()), certain=certain)
        self.uses[key] = found

    @property
    def _frame(self) -> object:
        return self.source.name if self.task.closure is None else self.task

    @property
    def _frames(self) -> tuple[Task, ...]:
        """The runs whose names are seen here, the nearest first."""
        if self._seen is None:
            inside = self.klass is not None and self.task.closure is not None
            self._seen = (self.task, *self._outer()) if inside else self._outer()
        return self._seen

    def _outer(self) -> tuple[Task, ...]:
        found: list[Task] = []
        closure = self.task.closure
        while closure is not None and isinstance(closure.outer, Task):
            found.append(closure.outer)
            closure = closure.outer.closure
        return tuple(found)
