"""Classes whose fields are variables of the environment: settings of pydantic.

Source: pydantic, "Settings Management", "Environment variable names": a field is the variable of
its name, in any case, after `env_prefix`; of its alias, without; what stands in the class is for
where there is no such variable.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from chalice.permissions.reading.values import (
    NOTHING,
    Box,
    ClassOf,
    Record,
    Value,
    join,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalice.permissions.reading.run import Run

_BASES = frozenset(
    {
        "pydantic.BaseSettings",
        "pydantic.v1.BaseSettings",
        "pydantic_settings.BaseSettings",
        "pydantic_settings.main.BaseSettings",
    }
)
_ALIASES = frozenset({"alias", "env", "validation_alias"})


def variables(run: Run, of: ClassOf) -> dict[str, Value]:
    """Return the fields of the class *of*, whose body *run* is, that variables of the stage are."""
    engine = run.engine
    if engine.outside(of).isdisjoint(_BASES):
        return {}
    environ = {name.lower(): value for name, value in engine.environ.items()}
    prefixes = _prefixes(run, of)
    found: dict[str, Value] = {}
    for name, aliases in _fields(of.info.node):
        names = aliases or [f"{prefix}{name}" for prefix in prefixes]
        given = [text(environ[item.lower()]) for item in names if item.lower() in environ]
        if given:
            found[name] = join(NOTHING, *given)
    return found


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, list[str]]]:
    """Yield the fields of a class, each with its aliases."""
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            keywords = item.value.keywords if isinstance(item.value, ast.Call) else []
            named = [word.value for word in keywords if word.arg in _ALIASES]
            inner = [part for value in named for part in ast.walk(value)]
            texts = [part.value for part in inner if isinstance(part, ast.Constant)]
            yield item.target.id, [item for item in texts if isinstance(item, str)]


def _prefixes(run: Run, of: ClassOf) -> list[str]:
    """Return what the names of variables may begin with."""
    found: list[Value] = []
    for name in ("model_config", "Config"):
        own = run.env.get(name) or run.engine.inherited(of, name, run.task)
        for atom in own:
            if isinstance(atom, ClassOf):
                found.append(run.engine.inherited(atom, "env_prefix", run.task))
            elif isinstance(atom, Box):
                keys = ((kind, atom, "env_prefix") for kind in ("attr", "item"))
                found += [run.engine.read(key, run.task) for key in keys]
            elif isinstance(atom, Record):
                found.append(dict(atom.items).get("env_prefix", NOTHING))
    prefixes = [item for item in join(NOTHING, *found) if isinstance(item, str)]
    return prefixes or [""]
