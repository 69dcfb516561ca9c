"""Requirements that tools keep in a form of their own, which is not read: it is said, once.

Sources: Poetry's documentation, "The pyproject.toml file"; PDM's, "Export locked packages";
Pipenv's, "Pipfile & Pipfile.lock" and "pipenv requirements".
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final, cast

from chalice.bundle.inputs import reading
from chalice.diagnostics import InvalidApp, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_EXPORTS: Final = {
    "poetry": "poetry export -f requirements.txt --output requirements.txt",
    "pdm": "pdm export --prod -o requirements.txt",
    "pipenv": "pipenv requirements > requirements.txt",
}
_TABLES = ("dependencies", "packages")
_PIPFILE = "Pipfile"
# By themselves: beside a `pyproject.toml` it says what these are the locks of.
_LOCKS = {"poetry.lock": "poetry", "pdm.lock": "pdm"}


def find(project_dir: Path, document: dict[str, object], text: str) -> tuple[Problem, ...]:
    """Return the note of what some tool would install in *project_dir*, where nothing else is.

    Args:
        project_dir: the project.
        document: its `pyproject.toml`, empty where there is none.
        text: the same as it is written.
    """
    found = next(_in_tables(document, text), None) or next(_in_files(project_dir, text), None)
    if found is None:
        return ()
    tool, what, where = found
    summary = f"{what} is not read, and nothing else says what the project requires"
    hint = f"list it under `[project]`, or export it: `{_EXPORTS[tool]}`"
    return (Problem("requirements-unread", summary, where, hint, "warning"),)


def _in_tables(document: dict[str, object], text: str) -> Iterator[tuple[str, str, str]]:
    """Yield tool, name and place of each table of requirements."""
    tools = _table(document.get("tool"))
    for tool in _EXPORTS:
        own = _table(tools.get(tool))
        for key in _TABLES:
            if set(_table(own.get(key))) - {"python"}:
                name = f"[tool.{tool}.{key}]"
                pattern = re.compile(rf"\s*\[\s*tool\s*\.\s*{tool}\s*(\.\s*{key}\s*)?\]")
                lines = [n for n, line in enumerate(text.splitlines(), 1) if pattern.match(line)]
                yield tool, f"`{name}`", f"pyproject.toml:{lines[-1] if lines else 1}"


def _in_files(project_dir: Path, text: str) -> Iterator[tuple[str, str, str]]:
    """Yield tool, name and place of each file of a tool that is there by itself."""
    pipfile = project_dir / _PIPFILE
    if reading.exists(pipfile):
        if _has_packages(pipfile):
            yield "pipenv", f"`{_PIPFILE}`", _PIPFILE
    elif reading.exists(project_dir / f"{_PIPFILE}.lock"):
        yield "pipenv", f"`{_PIPFILE}.lock`", f"{_PIPFILE}.lock"
    for name, tool in _LOCKS.items():
        if not text and reading.exists(project_dir / name):
            yield tool, f"`{name}`", name


def _has_packages(pipfile: Path) -> bool:
    """Whether a Pipfile asks for something; one that cannot be read may."""
    import tomllib  # noqa: PLC0415 - few projects have one

    with suppress(ValueError, InvalidApp):
        document: dict[str, object] = tomllib.loads(reading.read_text(pipfile, _PIPFILE))
        return bool(_table(document.get("packages")))
    return True


def _table(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}
