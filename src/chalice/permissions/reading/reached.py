"""What of a reading some functions of Lambda may do: what is reached from them and from imports.

The program calls most of what runs. What somebody else calls, who was given it (a package, a pool
of threads, a registry), counts where the code stands that gives it, and where it is mentioned; a
handler, with what its decorators made of it, for its own function. What a package decorates, or has
classes inherit from, and no code mentions, counts for all. So more may count than ever runs.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalice.permissions.reading import handing, handlers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from chalice.permissions.reading.engine import Engine, Task
    from chalice.permissions.reading.program import FunctionInfo, Program
    from chalice.permissions.reading.values import Closure


@dataclass(slots=True)
class Mentions:
    """The names that the code of a program has in it, each body looked through once."""

    program: Program
    _bodies: dict[ast.AST, frozenset[str]] = field(default_factory=dict[ast.AST, frozenset[str]])
    _anywhere: frozenset[str] | None = None
    _held: set[object] | None = None

    def of(self, task: Task) -> frozenset[str]:
        """Return the names in what *task* runs."""
        body = task.source.tree if task.closure is None else task.closure.info.node
        found = self._bodies.get(body)
        if found is None:
            found = self._bodies[body] = frozenset(_mentions(body))
        return found

    def anywhere(self) -> frozenset[str]:
        """Return the names in all modules."""
        if self._anywhere is None:
            trees = (source.tree for source in self.program.sources.values())
            self._anywhere = frozenset(
                name for tree in trees for name in _mentions(tree, whole=True)
            )
        return self._anywhere

    def held(self, engine: Engine) -> set[object]:
        """Return what wraps handlers and somebody else has, too."""
        if self._held is None:
            self._held = engine.handlers.held(engine)
        return self._held


def roots(engine: Engine, mentions: Mentions, names: Collection[str]) -> list[Task]:
    """Return what is called first where one of the functions *names* runs."""
    found: list[Task] = []
    others: dict[Task, Closure] = {}
    # What the framework alone calls counts where that runs; a name that means it calls nothing.
    alone: set[Task] = set()
    held = mentions.held(engine)
    for task in engine.roots:
        infos = engine.handlers.of(task)
        if task.closure is None or any(_is_called_in(info, names) for info in infos):
            found.append(task)
            continue
        others[task] = task.closure
        if infos and held.isdisjoint((task.closure, task.owner)):
            alone.add(task)
    anywhere = mentions.anywhere()
    while True:
        live = set(engine.live(found))
        mentioned = frozenset[str]().union(*map(mentions.of, live))
        given = handing.given_by(engine, live)
        more = [
            task
            for task, closure in others.items()
            if task not in live
            and (
                closure in given
                or (task not in alone and _is_handed_on(closure, live, mentioned, anywhere))
            )
        ]
        if not more:
            return found
        found += more


def is_special(closure: Closure) -> bool:
    """Return whether Python calls *closure* by itself, or it has no name to be mentioned by."""
    name = closure.info.name
    return name == "<lambda>" or (name.startswith("__") and name.endswith("__"))


def _is_called_in(info: FunctionInfo, names: Collection[str]) -> bool:
    # Middleware runs before every function; which kinds of event it is for is not looked at.
    return info.entry == "middleware" or handlers.function_of(info) in names


def _is_handed_on(
    closure: Closure, live: set[Task], mentioned: frozenset[str], anywhere: frozenset[str]
) -> bool:
    if closure.outer is not None:
        return closure.outer in live
    owner, node = closure.info.owner, closure.info.node
    if owner is not None:
        is_given = bool(owner.node.bases or owner.node.keywords or owner.node.decorator_list)
        return owner.name in mentioned or (is_given and owner.name not in anywhere)
    if isinstance(node, ast.Lambda) or is_special(closure):
        return True
    return node.name in mentioned or (bool(node.decorator_list) and node.name not in anywhere)


def _mentions(body: ast.AST, *, whole: bool = False) -> Iterator[str]:
    """Yield the names in *body*; of a module those in its functions only where it is *whole*."""
    inside = whole or not isinstance(body, ast.Module)
    left: list[ast.AST] = [body]
    while left:
        node = left.pop()
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            # What is looked up by its name: `globals()["name"]`, `"module.name"`.
            yield node.value.rpartition(".")[2]
        left.extend(_parts(node, whole=inside))


def _parts(node: ast.AST, *, whole: bool) -> Sequence[ast.AST]:
    if whole or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return list(ast.iter_child_nodes(node))
    decorators = [] if isinstance(node, ast.Lambda) else node.decorator_list
    return [*decorators, *node.args.defaults, *filter(None, node.args.kw_defaults)]
