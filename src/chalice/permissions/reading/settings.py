"""Classes whose fields are variables of the environment: settings of pydantic.

Source: pydantic, "Settings Management", "Environment variable names": a field is the variable of
its name, in any case, after `env_prefix`; of its alias, without; what stands in the class is for
where there is no such variable.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.permissions.reading.values import (
    ANYTHING,
    HOLE,
    NOTHING,
    Box,
    ClassOf,
    Record,
    Value,
    join,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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
# What makes of a value another one. Source: pydantic, "Validators".
_VALIDATORS = frozenset({"field_validator", "validator"})
# What says how variables are called in other ways than by prefixes and aliases. Sources: pydantic,
# "Alias", and pydantic 1, "Settings management", `fields`.
_OTHERWISE = frozenset({"alias_generator", "fields"})
# Source: pydantic, "Settings Management", "Parsing environment variable values".
_NESTED = frozenset({"env_nested_delimiter"})


def variables(run: Run, of: ClassOf) -> dict[str, Value]:
    """Return the fields of the class *of*, whose body *run* is, that variables of the stage are.

    Where it is not sure how the variable of a field is called, it may be anything.
    """
    if run.engine.outside(of).isdisjoint(_BASES):
        return {}
    return _given(run, of, _prefixes(run, of, run.engine.lineage(of, run.task)), run.env)


def with_prefix(run: Run, of: ClassOf, made: object, prefixes: Value) -> None:
    """Give an object that is made with `_env_prefix=` the fields that `variables` has of others."""
    if run.engine.outside(of).isdisjoint(_BASES):
        return
    named = [item for item in prefixes if isinstance(item, str)]
    for name, value in _given(run, of, named, {}).items():
        run.engine.write(("attr", made, name), value)


def _given(
    run: Run, of: ClassOf, prefixes: Sequence[str], body: Mapping[str, Value]
) -> dict[str, Value]:
    """Return the fields of a class with *prefixes*, of which *body* has what is not kept yet."""
    engine = run.engine
    environ = {name.lower(): value for name, value in engine.environ.items()}
    lineage = engine.lineage(of, run.task)
    is_otherwise, is_nested = (_says(lineage, words) for words in (_OTHERWISE, _NESTED))
    changed = {name for item in lineage for name in _changed(item.info.node)}
    found: dict[str, Value] = {}
    for field in (field for item in reversed(lineage) for field in _fields(item.info.node)):
        names = [name.lower() for name in field.aliases or _prefixed(field.name, prefixes)]
        default = body.get(field.name) or engine.inherited(of, field.name, run.task)
        given = [text(environ[name]) for name in names if name in environ]
        is_named = bool(names) and not any(HOLE in name for name in names)
        is_computed = is_otherwise or field.is_computed or bool(changed & {field.name, "*"})
        if not is_named or is_computed or (is_nested and _have_parts(names, environ)):
            given += [default, ANYTHING]
        if given:
            found[field.name] = join(NOTHING, *given)
    return found


def _prefixed(name: str, prefixes: Iterable[str]) -> list[str]:
    return [f"{prefix}{name}" for prefix in prefixes]


def _have_parts(names: Iterable[str], environ: Iterable[str]) -> bool:
    """Return whether a variable is a part of what one of *names* is: `DB__HOST` of `DB`."""
    return any(other.startswith(f"{name}_") for name in names for other in environ)


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of a class: its name, its aliases, and whether one of them is computed."""

    name: str
    aliases: list[str]
    is_computed: bool


def _fields(node: ast.ClassDef) -> Iterator[_Field]:
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            # `Field(...)` stands behind it, or in `Annotated`.
            parts = (*ast.walk(item.annotation), item.value)
            keywords = [
                word for part in parts if isinstance(part, ast.Call) for word in part.keywords
            ]
            named = [word.value for word in keywords if word.arg in _ALIASES]
            inner = [part for value in named for part in ast.walk(value)]
            texts = [part.value for part in inner if isinstance(part, ast.Constant)]
            aliases = [text for text in texts if isinstance(text, str)]
            yield _Field(item.target.id, aliases, bool(named) and not aliases)


def _changed(node: ast.ClassDef) -> Iterator[str]:
    """Yield the names of fields that validators of a class make something else of; `*` for all."""
    decorators = (one for item in node.body for one in getattr(item, "decorator_list", ()))
    for decorator in decorators:
        if isinstance(decorator, ast.Call) and _VALIDATORS & _names_in(decorator.func):
            for value in decorator.args:
                yield str(value.value) if isinstance(value, ast.Constant) else "*"


def _names_in(node: ast.AST) -> set[object]:
    return {getattr(part, "attr", None) or getattr(part, "id", None) for part in ast.walk(node)}


def _says(lineage: Iterable[ClassOf], words: frozenset[str]) -> bool:
    """Return whether the configuration in one of some classes has one of *words*."""
    return any(
        getattr(part, "arg", None) in words
        or getattr(part, "id", None) in words
        or (isinstance(part, ast.Constant) and part.value in words)
        for of in lineage
        for part in _configuration(of.info.node)
    )


def _configuration(node: ast.ClassDef) -> Iterator[ast.AST]:
    """Yield what a class says of itself: its keywords, `model_config`, `Config`."""
    for word in node.keywords:
        yield from ast.walk(word)
    for item in node.body:
        targets = item.targets if isinstance(item, ast.Assign) else [getattr(item, "target", None)]
        is_config = any(isinstance(one, ast.Name) and one.id == "model_config" for one in targets)
        if is_config or (isinstance(item, ast.ClassDef) and item.name == "Config"):
            yield from ast.walk(item)


def _prefixes(run: Run, of: ClassOf, lineage: Iterable[ClassOf]) -> list[str]:
    """Return what the names of variables may begin with."""
    found: list[Value] = [
        run.evaluate(word.value)
        for item in lineage
        for word in item.info.node.keywords
        if word.arg == "env_prefix" and isinstance(word.value, ast.Constant)
    ]
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
