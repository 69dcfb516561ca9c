"""What runs of functions have called: each call once, with what it may be given in all of them."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from chalice.permissions.reading.services import python_name
from chalice.permissions.reading.values import ANYTHING, Unset, Use, Value, join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chalice.permissions.reading.engine import Engine, Task

_NONE: Value = frozenset([None])


def of_tasks(engine: Engine, tasks: Iterable[Task]) -> tuple[Use, ...]:
    """Return what *tasks* call, in the order of file and line."""
    # One call in several runs of its function is one use where it is given the same.
    uses: dict[tuple[object, ...], Use] = {}
    for task in tasks:
        # What has learnt less than it might may be about other resources, too.
        is_unfinished = task in engine.unfinished
        for use in task.uses:
            found = _with_anything(engine, task, use) if is_unfinished else use
            if engine.notes.asks_for_unset:
                found = _with_what_is_set(engine, found)
            what = (id(use.node), use.service, use.operation, use.region)
            uses.setdefault((*what, found.params, found.certain), found)
    in_order = sorted(
        uses.values(),
        key=lambda use: (use.path, use.node.lineno, use.node.col_offset, use.operation),
    )
    return tuple(_possible(in_order))


def _with_what_is_set(engine: Engine, use: Use) -> Use:
    """Return *use* with what is known where a variable is not set; with anything, there alone."""
    params: list[tuple[str, Value]] = []
    is_other = False
    for name, value in use.params:
        unset = [atom for atom in value if type(atom) is Unset]
        if unset:
            is_other = True
            if len(unset) == len(value):
                engine.notes.defaulted.difference_update([atom.where for atom in unset])
            value = value.difference(unset) or ANYTHING  # noqa: PLW2901 - the one that is meant
        params.append((name, value))
    return replace(use, params=tuple(params)) if is_other else use


def called(uses: tuple[Use, ...]) -> Iterator[tuple[str, str]]:
    """Yield the place and the name of each call of an operation."""
    for use in uses:
        where = f"{use.path}:{use.node.lineno}"
        yield where, python_name(use.operation)
        if isinstance(use.node, ast.Call) and isinstance(use.node.func, ast.Attribute):
            yield where, use.node.func.attr


def _possible(uses: list[Use]) -> list[Use]:
    """Return *uses* without those that give None for what the same call names elsewhere.

    botocore refuses None. Source: botocore, `botocore.validate`: "Invalid type for parameter".
    """
    named: set[tuple[int, str, str]] = set()
    for use in uses:
        for name, value in use.params:
            if value != _NONE:
                named.add((id(use.node), use.operation, name))
    return [
        use
        for use in uses
        if not any(
            value == _NONE and (id(use.node), use.operation, name) in named
            for name, value in use.params
        )
    ]


def _with_anything(engine: Engine, task: Task, use: Use) -> Use:
    keywords = use.node.keywords if isinstance(use.node, ast.Call) else []
    written = {item.arg: item.value for item in keywords if item.arg is not None}
    params = tuple(
        (name, value)
        if name in written and _is_fixed(engine, task, written[name])
        else (name, join(value, ANYTHING))
        for name, value in use.params
    )
    return replace(use, params=params, certain=frozenset[str]())


def _is_fixed(engine: Engine, task: Task, node: ast.expr) -> bool:
    """Return whether an expression is what it is, whatever else may be learnt.

    So are constants, names of the module for such, and texts that are put together of these.
    """
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.JoinedStr):
        return all(_is_fixed(engine, task, part) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return node.format_spec is None and _is_fixed(engine, task, node.value)
    if isinstance(node, ast.BinOp):
        return _is_fixed(engine, task, node.left) and _is_fixed(engine, task, node.right)
    return isinstance(node, ast.Name) and _is_of_module(engine, task, node.id)


def _is_of_module(engine: Engine, task: Task, name: str) -> bool:
    """Return whether *name* is a text that the module alone, by its own code, gives to it."""
    module = task.source.name
    closure = task.closure
    value = engine.look(("var", module, name))
    if not value or closure is None or closure.outer is not None:
        return False
    if not all(type(atom) is str for atom in value) or engine.look(("changed", module, name)):
        return False
    inside = ast.walk(closure.info.node)
    own = {part.id for part in inside if isinstance(part, ast.Name) and type(part.ctx) is ast.Store}
    own.update(item.arg for item in ast.walk(closure.info.node) if isinstance(item, ast.arg))
    return name not in own
