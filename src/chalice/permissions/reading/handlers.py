"""What the framework calls: handlers, as the decorators of the project leave them.

A decorator may give back a wrapper or an object, and that is called in the place of the function
which is written below it. Whatever was made on the way to it belongs to the same function of
Lambda, unless somebody else has it, too: a registry, or a package.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from chalice.model.names import API_HANDLER
from chalice.permissions.reading.values import (
    LOST_FUNCTIONS,
    LOST_OBJECTS,
    Bound,
    Closure,
    Generator,
    Instance,
    Partial,
    Record,
    Tuple,
    Value,
    join,
)

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable, Iterator

    from chalice.permissions.reading.engine import Engine, Task
    from chalice.permissions.reading.program import FunctionInfo


@dataclass(slots=True)
class Handlers:
    """The handlers of a program.

    Attributes:
        entries: what the framework knows each of them as; of what decorators made on the way, too.
        called: those that the framework itself calls.
    """

    entries: dict[object, dict[FunctionInfo, None]] = field(
        default_factory=dict[object, "dict[FunctionInfo, None]"]
    )
    called: dict[object, None] = field(default_factory=dict[object, None])
    _registered: dict[tuple[ast.AST, object], FunctionInfo] = field(
        default_factory=dict[tuple["ast.AST", object], "FunctionInfo"]
    )

    def declare(self, info: FunctionInfo, made: Iterable[object], called: Iterable[object]) -> None:
        """Take note of the handler *info*, of what its decorators made, and of what is called."""
        for atom in (*made, *called):
            self.entries.setdefault(_core(atom), {})[info] = None
        self.called.update((_core(atom), None) for atom in called)

    def register(self, node: ast.AST, atom: object, entry: str, name: str) -> FunctionInfo | None:
        """Take note of *atom*, which is given to the framework at *node*; return what it is then.

        Args:
            node: the call: `app.lambda_function(name="late")(late)`.
            atom: what it is given.
            entry: the decorator.
            name: what the function is called; empty for its own name.
        """
        core = _core(atom)
        info = core.info if isinstance(core, Closure) else None
        if info is None:
            return None
        key = (node, core)
        if key not in self._registered:
            own = replace(info, entry=entry, called=name or info.name)
            self._registered[key] = own
        self.declare(self._registered[key], (), [core])
        return self._registered[key]

    def infos(self) -> list[FunctionInfo]:
        """Return what the framework knows of handlers, each once."""
        return list(dict.fromkeys(info for infos in self.entries.values() for info in infos))

    def of(self, task: Task) -> dict[FunctionInfo, None]:
        """Return the handlers that *task* runs for; nothing where it is no part of one."""
        closure = task.closure
        if closure is None:
            return {}
        is_object = closure.info.name == "__call__"
        return self.entries.get(task.owner if is_object else closure, {})

    def held(self, engine: Engine) -> set[object]:
        """Return those that something else has than names: a registry; it may call them."""
        wrapped = {atom for atom in self.entries if self._is_made(atom)}
        found: set[object] = set()
        for key, value in engine.items() if wrapped else ():
            # What functions return and what names mean has them, too; the first is the key itself.
            parts = cast("tuple[object, ...]", key) if isinstance(key, tuple) else ("var", None)
            if parts[0] != "var":
                if LOST_FUNCTIONS in value or LOST_OBJECTS in value:
                    return wrapped
                # What wraps a handler has it: it is called by that.
                is_wrapping = parts[0] == "attr" and parts[1] in self.entries
                found |= set() if is_wrapping else wrapped & value
            found |= wrapped.intersection(_inside(value))
        return found

    def _is_made(self, atom: object) -> bool:
        """Return whether a decorator has made *atom*."""
        return not isinstance(atom, Closure) or atom.info not in self.entries[atom]


def function_of(info: FunctionInfo) -> str:
    """Return the name of the function of Lambda that the framework calls *info* in."""
    if info.entry in ("route", "middleware"):
        return API_HANDLER
    return f"{info.prefix}{info.called}"


def methods_called(engine: Engine, atom: object) -> Iterator[tuple[Closure, object]]:
    """Yield the functions that are called as *atom* is, each with what it is called on."""
    if isinstance(atom, Closure):
        yield atom, None
    elif isinstance(atom, Bound):
        yield atom.function, atom.owner
    elif isinstance(atom, Instance):
        cells = (engine.look(("attr", of, "__call__")) for of in engine.lineage_of(atom.of))
        for item in next(filter(None, cells), ()):
            if isinstance(item, Closure):
                yield item, atom


def _core(atom: object) -> object:
    """Return what is called in the end where *atom* is called with some arguments more."""
    while isinstance(atom, Partial):
        atom = atom.function
    return atom


def _inside(value: Value) -> Iterator[object]:
    """Yield what the atoms of *value* have in them."""
    for atom in value:
        inner: Value = frozenset()
        if isinstance(atom, Tuple):
            inner = join(atom.rest, *atom.items)
        elif isinstance(atom, Record):
            inner = join(atom.rest, *(item for _, item in atom.items))
        elif isinstance(atom, Generator):
            inner = atom.items
        elif isinstance(atom, Bound):
            inner = frozenset([atom.owner])
        elif isinstance(atom, Partial):
            inner = join(frozenset(), *atom.args, *(item for _, item in atom.keywords))
        yield from inner
        yield from _inside(inner)
