"""Which Python a project, or its lock file, says that it is for.

Source: packaging's specifications "pyproject.toml" and "pylock.toml", `requires-python`.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from chalice.diagnostics import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalice.bundle.inputs.choice import Inputs

# Patch releases of one minor version of Python: there have never been more.
_PATCHES = range(30)

_KEY = "requires-python"
_LINE = re.compile(r"""^\s*(?:project\s*\.\s*)?["']?requires-python["']?\s*=""")


@dataclass(frozen=True, slots=True)
class Declared:
    """What a file says of the Python that it is for.

    Attributes:
        versions: as it has them, `>=3.12`.
        where: its place, `pyproject.toml:4`.
        binding: whether what the file asks for is what is taken.
    """

    versions: str
    where: str
    binding: bool = True


def suits(versions: str, python: tuple[int, int]) -> bool:
    """Whether *versions* allow the minor version *python*; what nobody understands allows all."""
    from packaging.specifiers import (  # noqa: PLC0415 - only what is declared is weighed
        InvalidSpecifier,
        SpecifierSet,
    )

    try:
        specifiers = SpecifierSet(versions)
    except InvalidSpecifier:
        return True
    # Which patch the target has nobody knows: any of the minor version will do.
    minor = f"{python[0]}.{python[1]}"
    return any(specifiers.contains(f"{minor}.{patch}") for patch in _PATCHES)


def in_project(document: dict[str, object], text: str, name: str) -> Iterator[Declared]:
    """Yield what the table `project` of a `pyproject.toml` says."""
    project = document.get("project")
    if isinstance(project, dict):
        yield from _declared(cast("dict[str, object]", project), text, name)


def in_lock(text: str, name: str) -> Iterator[Declared]:
    """Yield what a lock file says, before its tables."""
    yield from _declared(head(text), text, name)


def head(text: str) -> dict[str, object]:
    """Return what stands before the first table of a TOML *text*: lock files are long."""
    import tomllib  # noqa: PLC0415 - most projects have no lock

    with suppress(ValueError):
        return tomllib.loads(text.partition("\n[")[0])
    return {}


def _declared(table: dict[str, object], text: str, name: str) -> Iterator[Declared]:
    versions = table.get(_KEY)
    if isinstance(versions, str):
        numbers = (n for n, line in enumerate(text.splitlines(), 1) if _LINE.match(line))
        yield Declared(versions, f"{name}:{next(numbers, 1)}")


def excluded(inputs: Inputs, python: tuple[int, int]) -> tuple[Problem, ...]:
    """Return a problem for each file of a project that is for another Python than *python*."""
    problems: dict[str, Problem] = {}
    for declared in inputs.pythons:
        if suits(declared.versions, python):
            continue
        who = "the project" if declared.where.startswith("pyproject.toml") else "the lock"
        target = f"python{python[0]}.{python[1]}"
        summary = f"{who} runs on Python {declared.versions}, not on {target}"
        hint = f"set `lambda_python_version` to one of these, or change `{_KEY}`"
        severity = "error" if declared.binding else "warning"
        # A lock repeats what the project says.
        problems.setdefault(
            declared.versions,
            Problem("requires-python", summary, declared.where, hint, severity).visible(),
        )
    return tuple(problems.values())
