"""What a reading may have missed: told, never dropped.

A call on something that is not known is told where it looks like a call of AWS: its name is that of
an operation, and what it is given is named as AWS names it. So are all such calls in functions that
the reader has left before it knew all of what they are given; see `engine`.
"""

from __future__ import annotations

import ast
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalice.diagnostics import Problem
from chalice.permissions import table
from chalice.permissions.reading import services
from chalice.permissions.reading.notes import HINT
from chalice.permissions.reading.transfers import TRANSFERS

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from chalice.permissions.reading.engine import Engine, Task
    from chalice.permissions.reading.values import Use

_SDKS = ("aioboto3", "aiobotocore", "boto3", "botocore")

# What containers and much else can do, too.
_OF_OTHERS = frozenset({"copy"})


def problems(engine: Engine, uses: Sequence[Use], mentions: Mapping[str, int]) -> Iterator[Problem]:
    """Yield a problem for each call that may need what *uses* do not say.

    Args:
        engine: what is known.
        uses: what was found.
        mentions: how often each word stands in the program.
    """
    known: set[ast.AST] = {use.node for use in uses}
    calls = dict(engine.unknown_calls)
    if engine.unfinished:
        calls.update(_in_bodies(engine.unfinished))
        yield _bounded(list(engine.unfinished))
    yield from _handed(engine, uses)
    about = _known(engine, uses, mentions) if calls else None
    for node, path in calls.items():
        where = f"{path}:{node.lineno}"
        is_told = ("policy-dynamic", where) in engine.notes.problems
        if about is None or node in known:
            continue
        summary = _likely(about, node, is_told=is_told)
        if summary:
            yield Problem("policy-not-followed", summary, where, HINT, severity="warning")


def possible(engine: Engine) -> frozenset[str]:
    """Return the operations that something may have which was followed only so far."""
    services = engine.services.known() if engine.unfinished else ()
    return frozenset(name for item in services for name in item.operations)


def _handed(engine: Engine, uses: Sequence[Use]) -> Iterator[Problem]:
    """Yield a problem for each method of a client that only what is not known may call."""
    called = {(use.service, use.operation) for use in uses}
    for (service, operation), (path, line) in engine.handed.items():
        if (service, operation) not in called:
            name = services.python_name(operation)
            summary = f"`{name}` of `{service}` is given to something that is not known"
            hint = "call it here, or write the statement into a policy file of your own"
            where = f"{path}:{line}"
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
    return {node: path for body, path in bodies.items() for node in _calls(body, bodies)}


_BODIES = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda})

# What has no call in it, and is most of a tree: kinds of nodes, and names of fields.
_LEAVES = frozenset({ast.Constant, ast.Name, ast.Pass, int, str, type(None)})
_NAMES = frozenset(
    {
        *("arg", "asname", "attr", "conversion", "ctx", "id", "kind", "level", "module", "name"),
        *("names", "op", "ops", "rest", "type_comment", "type_ignores"),
    }
)


# The fields of each kind of node in which there may be calls.
_PARTS: dict[type, tuple[str, ...]] = {
    kind: tuple(name for name in kind._fields if name not in _NAMES)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}


def _calls(body: ast.AST, others: Container[object]) -> Iterator[ast.Call]:
    """Yield the calls in *body*, but for those in *others* inside it.

    Bodies may be most of a program, and `ast.walk` takes its time.
    """
    left: list[object] = [body]
    while left:
        node = left.pop()
        kind = type(node)
        if isinstance(node, ast.Call):
            yield node
        elif kind in _BODIES and node in others and node is not body:
            continue
        for name in _PARTS.get(kind, ()):
            value = getattr(node, name)
            if type(value) is list:
                left += value
            elif type(value) not in _LEAVES:
                left.append(value)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the SDK's part in a program, against which unknown calls are held."""

    operations: frozenset[str]
    """Operations of the services that it makes clients of, by the names of Python."""
    inputs: frozenset[frozenset[str]]
    """The parameters of each of those operations."""
    actions: frozenset[str]
    """What the resource objects that it makes can do, in one word."""
    is_lost: bool
    """Whether it names the SDK, but nothing of it was found."""


def _known(engine: Engine, uses: Sequence[Use], mentions: Mapping[str, int]) -> _Known:
    names = {use.service for use in uses} | {item.name for item in engine.services.known()}
    found = [item for name in names if (item := engine.services.get(name)) is not None]
    return _Known(
        frozenset(name for item in found for name in item.operations),
        frozenset(inputs for item in found for inputs in item.inputs.values()),
        frozenset[str]().union(*map(_resource_actions, engine.resources)) - _OF_OTHERS,
        not found and not engine.resources and any(mentions.get(name) for name in _SDKS),
    )


def _likely(known: _Known, node: ast.Call, *, is_told: bool) -> str:
    """Return what is told of *node* where it looks like a call of an operation, else nothing."""
    name = _operation(known, node)
    if name:
        return f"`{name}` may be an operation of AWS; what it is called on is not known"
    names = {item.arg for item in node.keywords if item.arg is not None}
    if isinstance(node.func, ast.Attribute) or node.args or not names or is_told:
        return ""
    if any(item == item.lower() for item in names):
        return ""
    if not any(names <= inputs for inputs in known.inputs):
        return ""
    given = ", ".join(f"`{item}`" for item in sorted(names))
    return f"something that is not known is called with {given}, as operations of AWS are"


def _operation(known: _Known, node: ast.Call) -> str:
    """Return the name of what *node* calls where it looks like an operation, else nothing."""
    if not isinstance(node.func, ast.Attribute):
        return ""
    name = node.func.attr
    if node.args and not any(item.arg and item.arg != item.arg.lower() for item in node.keywords):
        # Operations take nothing by position; transfers do.
        several = len(node.args) + len(node.keywords) > 1
        return name if name in TRANSFERS["client"] and "_" in name and several else ""
    if node.keywords:
        names = [item.arg for item in node.keywords]
        if not any(item is None or item != item.lower() for item in names):
            return ""
        whole = "_" in name or None not in names
        of_object = name in (_every_action() if None not in names else known.actions)
        return name if of_object or _is_action(name, whole=whole) else ""
    if "_" not in name:
        return name if name in known.actions else ""
    # What is given nothing may be anybody's method: `get_user()`.
    likely = known.is_lost or name.startswith(("describe_", "list_"))
    is_told = name in known.operations or (likely and _is_action(name, whole=True))
    return name if is_told else ""


@functools.cache
def _resource_actions(service: str) -> frozenset[str]:
    """Return what the resource objects of *service* and their collections can do."""
    types: dict[str, Any] = services.resources().get(service, {}).get("resources", {})
    return frozenset(
        services.python_name(name)
        for item in types.values()
        for name in (*item.get("actions", ()), *item.get("batchActions", ()))
    )


@functools.cache
def _every_action() -> frozenset[str]:
    return frozenset[str]().union(*map(_resource_actions, services.resources())) - _OF_OTHERS


def _is_action(name: str, *, whole: bool) -> bool:
    return whole and name.replace("_", "") in _names()


@functools.cache
def _names() -> frozenset[str]:
    """Return what operations are called, in lower case and in one word."""
    mapped = (operation.replace("_", "").lower() for _, operation in table.ACTIONS)
    return services.action_names().union(mapped)
