"""What Lambda finds under a handler string: an attribute of a module, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from chalice.diagnostics import Problem
from chalice.model.names import API_HANDLER
from chalice.model.views import not_run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType

    from chalice.model.collect import Collected, Handler
    from chalice.model.declared import Function


def reached(collected: Collected, modules: Mapping[str, ModuleType]) -> Collected:
    """Return *collected* with the handlers that Lambda would call, as it finds them in *modules*.

    What stands in a module may be a wrapper around what was declared; Lambda calls the wrapper. A
    function that Lambda would not find, would find something else in place of, or would call and
    not run, is a problem.
    """
    handlers: dict[str, Handler] = dict(collected.handlers)
    problems: list[Problem] = list(collected.problems)
    names = [function.name for function in collected.model.functions]
    for function in collected.model.functions:
        if function.name == API_HANDLER or names.count(function.name) > 1:
            continue
        found = _look_up(function, collected, modules)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            handlers[function.name] = found
    return replace(collected, handlers=handlers, problems=tuple(problems))


def _look_up(
    function: Function, collected: Collected, modules: Mapping[str, ModuleType]
) -> Handler | Problem:
    found_at = collected.found_at[function.name]
    name, _, attribute = found_at.rpartition(".")
    module = modules.get(name)
    if module is None:
        hint = "write `Blueprint(__name__)`: Lambda imports the module of that name"
        return _unreachable(function, f"there is no module `{name}`", hint)
    found = getattr(module, attribute, None)
    if found is None:
        hint = f"define `{attribute}` at the top level of its module and keep that name"
        return _unreachable(function, f"module `{name}` has no `{attribute}`", hint)
    if not callable(found):
        hint = f"use another name for what is assigned to `{attribute}`"
        return _unreachable(function, f"`{found_at}` is not callable", hint)
    core = _core(collected.handlers.get(function.name))
    # A wrapper that takes over the attributes of what it wraps, as `functools.wraps` does, has its
    # `func` too, and runs it as it likes.
    why = not_run(found if hasattr(found, "__code__") else _core(found))
    if why is not None:
        code, reason, hint = why
        return Problem(code, f"function `{function.name}` {reason}", str(function.where), hint)
    same = any(_core(layer) is core for layer in _layers(found))
    if same or not _is_definition(found, attribute):
        return cast("Handler", found)
    hint = f"rename one of the two functions called `{attribute}`"
    return _unreachable(function, f"another definition of `{attribute}` took its place", hint)


def _unreachable(function: Function, reason: str, hint: str) -> Problem:
    summary = f"Lambda cannot call function `{function.name}`: {reason}"
    return Problem("function-unreachable", summary, str(function.where), hint)


def _layers(found: object) -> Iterator[object]:
    """Yield *found* and what it wraps, as far as wrappers say so."""
    seen: set[int] = set()
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        found = getattr(found, "__wrapped__", None)


def _core(handler: object) -> object:
    """Return the function that the application wrote, out of what Chalice made of it."""
    for attribute in ("func", "original_func"):
        handler = getattr(handler, attribute, handler)
    return handler


def _is_definition(found: object, attribute: str) -> bool:
    """Tell whether *found* was defined under *attribute*, rather than made by a decorator."""
    code = getattr(_core(found), "__code__", None)
    return code is not None and code.co_name == attribute
