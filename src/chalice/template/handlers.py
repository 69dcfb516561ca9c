"""Handlers of merged templates that name no function of the application, or another one.

What `chalice.functions` has, no file of the package says: it looks a name up when it is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.config.reader import as_object
from chalice.diagnostics import Problem, nearest, visible
from chalice.model.names import logical_id
from chalice.resources.kinds import FUNCTION
from chalice.resources.parts import role_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chalice.resources import Graph
    from chalice.template.merging import Theirs

_MODULE = "chalice.functions"


def problems_of_handlers(
    document: Mapping[str, Any], merged: Sequence[Theirs], graph: Graph
) -> Iterator[Problem]:
    """Yield what is called by `chalice.functions` and is none, or has a role for another's code.

    Args:
        document: a template.
        merged: the templates that were merged into it, one after the other.
        graph: what was made from the application.
    """
    resources = as_object(document.get("Resources"))
    properties = {
        name: as_object(as_object(item).get("Properties"))
        for name, item in resources.items()
        if as_object(item).get("Type") == FUNCTION
    }
    made = {item.logical_id for item in graph.resources}
    packages = [own.get("Code") for name, own in properties.items() if name in made]
    for name, own in properties.items():
        path = ("Resources", name, "Properties", "Handler")
        where = next((one.where(path) for one in reversed(merged) if one.has(path)), "")
        handler = _handler(own)
        module, _, function = handler.rpartition(".")
        is_packaged = own.get("Code") in packages
        if module == _MODULE and function not in graph.functions:
            if is_packaged:
                yield _missing(name, function, where, graph.functions)
        elif where and (module == _MODULE or is_packaged):
            yield from _of_another(name, own, where, merged, graph)


def _handler(properties: Mapping[str, Any]) -> str:
    """Return the handler of a function, written in one way; nothing for an expression."""
    handler = properties.get("Handler")
    if not isinstance(handler, str):
        return ""
    # Source: awslambdaric, `bootstrap.py`, `_get_handler`: `/` stands for `.` before the last dot.
    return handler.replace("/", ".")


def _missing(name: str, function: str, where: str, known: Sequence[str]) -> Problem:
    near = nearest(function, known)
    listed = ", ".join(f"`{_MODULE}.{one}`" for one in sorted(known))
    hint = f"write `{_MODULE}.{near}`" if near else f"write {listed}" if known else "declare it"
    summary = (
        f"the handler `{_MODULE}.{visible(function)}` of `{name}` names no function of the"
        " application"
    )
    return Problem("handler-missing", summary, where, hint)


def _of_another(
    name: str,
    properties: Mapping[str, Any],
    where: str,
    merged: Sequence[Theirs],
    graph: Graph,
) -> Iterator[Problem]:
    """Yield that the role of a function is generated, and of the code of others only."""
    role = role_in(properties)
    policies = ("Resources", role, "Properties", "Policies")
    is_generated = any(item.generated and item.logical_id == role for item in graph.resources)
    if not is_generated or any(one.has(policies) for one in merged):
        return
    handler = _handler(properties)
    module, _, function = handler.rpartition(".")
    named = logical_id(function) if module == _MODULE else ""
    functions = [item for item in graph.resources if item.type == FUNCTION]
    runs = next(
        (
            one
            for one in functions
            if one.logical_id == named or _handler(one.properties) == handler
        ),
        None,
    )
    # For these it is made: all of them where they share one.
    users = [item for item in functions if role_in(item.properties) == role]
    if runs is None or runs in users:
        return
    names = {logical_id(one): one for one in graph.functions}
    code, *of_users = (f"`{names.get(one.logical_id, one.logical_id)}`" for one in (runs, *users))
    summary = (
        f"`{name}` runs the code of {code}; its role is made for that of {', '.join(of_users)}"
    )
    other = role_in(runs.properties)
    shown = f" (`Role: !GetAtt {other}.Arn`)" if other else ""
    hint = f"give it the role of that function{shown}, or one of its own"
    yield Problem("handler-of-another", summary, where, hint, "warning")
