"""Handlers of merged templates that name no function of the application.

What `chalice.functions` has, no file of the package says: it looks a name up when it is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.config.reader import as_object
from chalice.diagnostics import Problem, nearest, visible
from chalice.resources.kinds import FUNCTION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chalice.resources import Graph
    from chalice.template.merging import Theirs

_MODULE = "chalice.functions"


def problems_of_handlers(
    document: Mapping[str, Any], merged: Sequence[Theirs], graph: Graph
) -> Iterator[Problem]:
    """Yield what is called by `chalice.functions` and is no function of the application.

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
        handler = own.get("Handler")
        if not isinstance(handler, str) or own.get("Code") not in packages:
            continue
        module, _, function = handler.rpartition(".")
        # Source: awslambdaric, `bootstrap.py`, `_get_handler`: `/` stands for `.`.
        if module.replace("/", ".") == _MODULE and function not in graph.functions:
            path = ("Resources", name, "Properties", "Handler")
            where = next((one.where(path) for one in reversed(merged) if one.has(path)), "")
            yield _missing(name, function, where, graph.functions)


def _missing(logical_id: str, function: str, where: str, known: Sequence[str]) -> Problem:
    near = nearest(function, known)
    listed = ", ".join(f"`{_MODULE}.{one}`" for one in sorted(known))
    hint = f"write `{_MODULE}.{near}`" if near else f"write {listed}" if known else "declare it"
    summary = (
        f"the handler `{_MODULE}.{visible(function)}` of `{logical_id}` names no function of the"
        " application"
    )
    return Problem("handler-missing", summary, where, hint)
