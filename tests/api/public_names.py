"""List the public names: `python tests/api/public_names.py > tests/api/names.txt`.

A line is a module, class, function, method or attribute, callables with their parameters. Public is
what the modules below export; of a class, its members without a leading underscore.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import sys
import textwrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULES = ("chalice", "chalice.app", "chalice.config", "chalice.local", "chalice.test")
# What every class has and nobody looks up here.
INHERITED = frozenset(vars(object)) | frozenset(vars(BaseException))


def names() -> list[str]:
    """Return a line for each public name, in the order of modules and of the alphabet."""
    return [line for module in MODULES for line in of_module(module)]


def of_module(name: str) -> Iterator[str]:
    """Yield the names that a module exports; a class that `chalice.app` has is told only there."""
    module = importlib.import_module(name)
    yield name
    for exported in sorted(module.__all__):
        value = getattr(module, exported)
        yield f"{name}.{exported}{parameters(value)}"
        if inspect.isclass(value) and name != "chalice":
            yield from of_class(f"{name}.{exported}", value)


def of_class(path: str, kind: type[Any]) -> Iterator[str]:
    """Yield the public members of a class, those of its bases in this package included."""
    ours = [base for base in kind.__mro__ if base.__module__.partition(".")[0] == "chalice"]
    members = {name: value for base in reversed(ours) for name, value in vars(base).items()}
    annotated = [name for base in ours for name in inspect.get_annotations(base)]
    slots = [name for base in ours for name in vars(base).get("__slots__", ())]
    assigned = [name for base in ours for name in set_by_constructor(base)]
    for name in sorted({*members, *annotated, *slots, *assigned}):
        if not name.startswith("_") and name not in INHERITED:
            yield f"{path}.{name}{parameters(members.get(name))}"


def set_by_constructor(kind: type[Any]) -> Iterator[str]:
    """Yield the attributes that the class's own `__init__` assigns to `self`."""
    constructor = vars(kind).get("__init__")
    if not inspect.isfunction(constructor) or constructor.__module__ != kind.__module__:
        return
    if constructor.__code__.co_filename.startswith("<"):  # written by `dataclasses`
        return
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(constructor)))):
        match node:
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                yield name
            case _:
                pass


def parameters(value: object) -> str:
    """Return the parameters of a callable, `=` behind those that may be left out."""
    if isinstance(value, staticmethod | classmethod):
        value = value.__func__
    if not (inspect.isfunction(value) or inspect.isclass(value)):
        return ""
    try:
        signature = inspect.signature(value)
    except ValueError:
        return ""
    return "(" + ", ".join(map(parameter, signature.parameters.values())) + ")"


def parameter(given: inspect.Parameter) -> str:
    """Return one parameter as it is written in the list."""
    stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    optional = "=" if given.default is not inspect.Parameter.empty else ""
    return stars.get(given.kind, "") + given.name + optional


if __name__ == "__main__":
    sys.stdout.write("\n".join(names()) + "\n")
