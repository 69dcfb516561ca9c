"""What a reading may have missed: told, never dropped.

A call on something that is not known is told where it looks like a call of AWS: its name is that of
an operation, and what it is given is named as AWS names it. So are all such calls in functions that
the reader has left before it knew all of what they are given; see `engine`.
"""

from __future__ import annotations

import ast
import functools
from typing import TYPE_CHECKING, cast

from chalice.diagnostics import Problem
from chalice.permissions import services, table
from chalice.permissions.transfers import TRANSFERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chalice.permissions.engine import Engine, Task
    from chalice.permissions.values import Use


def problems(engine: Engine, uses: Sequence[Use]) -> Iterator[Problem]:
    """Yield a problem for each call that may need what *uses* do not say."""
    known: set[ast.AST] = {use.node for use in uses}
    calls = dict(engine.unknown_calls)
    if engine.unfinished:
        calls.update(_in_bodies(engine.unfinished))
        yield _bounded(list(engine.unfinished))
    for node, path in calls.items():
        if node not in known and (name := _operation(engine, node)):
            summary = f"`{name}` may be an operation of AWS; what it is called on is not known"
            hint = (
                "annotate it with a type of `mypy_boto3_...`, or write the statement into a policy"
                " file of your own"
            )
            where = f"{path}:{node.lineno}"
            yield Problem("policy-not-followed", summary, where, hint, severity="warning")


def _bounded(tasks: Sequence[Task]) -> Problem:
    places = sorted({_place(task) for task in tasks})
    others = f" and {len(places) - 1} others were" if len(places) > 1 else " was"
    path, line, name = places[0]
    summary = f"`{name}`{others} followed only so far"
    hint = "look at the statements in `chalice gen-policy --explain`, or write them yourself"
    return Problem("policy-bounded", summary, f"{path}:{line}", hint, severity="warning")


def _place(task: Task) -> tuple[str, int, str]:
    if task.closure is None:
        return task.source.path, 1, task.source.name
    return task.source.path, task.closure.info.node.lineno, task.closure.info.name


def _in_bodies(tasks: dict[Task, None]) -> dict[ast.Call, str]:
    bodies = {
        task.source.tree if task.closure is None else task.closure.info.node: task.source.path
        for task in tasks
    }
    return {node: path for body, path in bodies.items() for node in _calls(body)}


def _calls(body: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls in *body*; bodies may be most of a program, and `ast.walk` takes its time."""
    left = [body]
    while left:
        node = left.pop()
        if isinstance(node, ast.Call):
            yield node
        for value in vars(node).values():
            items = cast("list[object]", value) if isinstance(value, list) else [value]
            left += [item for item in items if isinstance(item, ast.AST)]


def _operation(engine: Engine, node: ast.Call) -> str:
    """Return the name of what *node* calls where it looks like an operation, else nothing."""
    if not isinstance(node.func, ast.Attribute):
        return ""
    name = node.func.attr
    if node.args:
        # Operations take nothing by position; transfers do.
        several = len(node.args) + len(node.keywords) > 1
        return name if name in TRANSFERS["client"] and "_" in name and several else ""
    if node.keywords:
        names = [item.arg for item in node.keywords]
        given = any(item is None or item != item.lower() for item in names)
        return name if given and _is_action(name, whole="_" in name or None not in names) else ""
    known = any(name in service.operations for service in engine.services.known())
    return name if "_" in name and known else ""


def _is_action(name: str, *, whole: bool) -> bool:
    return whole and name.replace("_", "") in _names()


@functools.cache
def _names() -> frozenset[str]:
    """Return what operations are called, in lower case and in one word."""
    mapped = (operation.replace("_", "").lower() for _, operation in table.ACTIONS)
    return services.action_names().union(mapped)
