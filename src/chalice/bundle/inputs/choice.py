"""Which file of a project says what it requires.

The first of these that is there and asks for something:

    requirements.txt    as for AWS Chalice
    pylock.toml         a lock file of any tool (PEP 751)
    uv.lock             uv's lock file, beside pyproject.toml
    pyproject.toml      `dependencies` of its `project` table

A lock file asks for something by being there, unless it says itself that it asks for nothing. What
is passed over is said, and so is what only other tools understand, where nothing else asks.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, cast

from chalice.bundle.inputs import pythons, reading, requirements, unread
from chalice.diagnostics import InvalidApp, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from chalice.bundle.inputs.pythons import Declared
    from chalice.bundle.inputs.requirements import Requirements

Kind = Literal["requirements.txt", "pylock.toml", "uv.lock", "pyproject.toml", ""]

REQUIREMENTS: Final = "requirements.txt"
PYLOCK: Final = "pylock.toml"
UV_LOCK: Final = "uv.lock"
PYPROJECT: Final = "pyproject.toml"

#: Every file that may say what is required.
NAMES: Final = frozenset((REQUIREMENTS, PYLOCK, UV_LOCK, PYPROJECT))

# What every lock file says of itself. Source: packaging's specification "pylock.toml".
_OF_A_LOCK = frozenset(("lock-version", "created-by", "packages"))


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a project requires, as far as its files say it.

    Attributes:
        kind: the file that is taken, empty where no file asks for anything.
        texts: the file and what belongs to it, by name relative to the project: their content
            decides what comes out.
        asked: what is required by name, where it was not locked before; also what `pyproject.toml`
            asks for where a lock file says how it is met, so that problems have a place.
        notes: the files that ask for something and are passed over.
        pythons: which Python these files say that they are for.
    """

    kind: Kind
    texts: tuple[tuple[str, str], ...] = ()
    asked: Requirements = requirements.NONE
    notes: tuple[Problem, ...] = ()
    pythons: tuple[Declared, ...] = ()

    @property
    def locked(self) -> bool:
        """Whether a lock file says exactly what is taken."""
        return self.kind in {PYLOCK, UV_LOCK}


def find_inputs(project_dir: Path, environ: Mapping[str, str]) -> Inputs:
    """Return what the project in *project_dir* requires; nothing is a legal answer.

    Args:
        project_dir: the project.
        environ: the variables that a requirements file may name.

    Raises:
        InvalidApp: a file cannot be read, or lists what is no requirement; every problem.
    """
    found = [taken for taken in _candidates(project_dir, environ) if taken is not None]
    first = found[0] if found else Inputs("")
    # `pyproject.toml` belongs to the lock files: they say how what it asks for is met.
    passed_over = [
        other.kind for other in found[1:] if not (first.locked and other.kind == PYPROJECT)
    ]
    document, text = _project(project_dir)
    notes = [_passed_over(first.kind, name) for name in passed_over]
    if not found:
        notes += unread.find(project_dir, document, text)
    return replace(first, notes=tuple(notes), pythons=tuple(_pythons(first, document, text)))


def _candidates(project_dir: Path, environ: Mapping[str, str]) -> Iterator[Inputs | None]:
    """Yield what each file asks for, the one that wins first.

    Problems of a file that is passed over are nobody's: only the first is read strictly.
    """
    won = False
    for read in (_requirements, _pylock, _uv_lock, _pyproject):
        try:
            found = read(project_dir, environ)
        except InvalidApp:
            if not won:
                raise
            continue
        won = won or found is not None
        yield found


def _project(project_dir: Path) -> tuple[dict[str, object], str]:
    """Return the project's `pyproject.toml` as data and as text, both empty where it is none."""
    path = project_dir / PYPROJECT
    with suppress(InvalidApp):
        text = reading.read_text(path, PYPROJECT) if reading.exists(path) else ""
        return parsed(text, PYPROJECT) if text else {}, text
    return {}, ""


def _pythons(first: Inputs, document: dict[str, object], text: str) -> Iterator[Declared]:
    """Yield which Python the project says that it is for, and the lock that is taken."""
    for declared in pythons.in_project(document, text, PYPROJECT):
        yield replace(declared, binding=first.kind != REQUIREMENTS)
    if first.locked:
        yield from pythons.in_lock(first.texts[0][1], first.kind)


def _requirements(project_dir: Path, environ: Mapping[str, str]) -> Inputs | None:
    path = project_dir / REQUIREMENTS
    if not reading.exists(path):
        return None
    asked = requirements.read(project_dir, REQUIREMENTS, environ)
    return Inputs(REQUIREMENTS, asked.texts, asked) if asked.lines else None


def _pylock(project_dir: Path, _: Mapping[str, str]) -> Inputs | None:
    found = _lock(project_dir, PYLOCK)
    if found is None:
        return None
    said = pythons.head(found.texts[0][1])
    asks_nothing = said.get("packages") == [] and said.keys() >= _OF_A_LOCK
    return None if asks_nothing else found


def _uv_lock(project_dir: Path, _: Mapping[str, str]) -> Inputs | None:
    return _lock(project_dir, UV_LOCK)


def _lock(project_dir: Path, kind: Kind) -> Inputs | None:
    path = project_dir / kind
    if not reading.exists(path):
        return None
    texts: list[tuple[str, str]] = [(kind, reading.read_text(path, kind))]
    asked = requirements.NONE
    if reading.exists(project_dir / PYPROJECT):
        text = reading.read_text(project_dir / PYPROJECT, PYPROJECT)
        texts.append((PYPROJECT, text))
        with suppress(InvalidApp):  # the lock file says it all: this is for places only
            asked = _listed(text, project_dir) or asked
    return Inputs(kind, tuple(texts), asked)


def _pyproject(project_dir: Path, _: Mapping[str, str]) -> Inputs | None:
    path = project_dir / PYPROJECT
    if not reading.exists(path):
        return None
    text = reading.read_text(path, PYPROJECT)
    asked = _listed(text, project_dir)
    return Inputs(PYPROJECT, ((PYPROJECT, text),), asked) if asked and asked.lines else None


def _listed(text: str, project_dir: Path) -> Requirements | None:
    """Return the `dependencies` of a `pyproject.toml`, None where it lists none."""
    project = parsed(text, PYPROJECT).get("project")
    if not isinstance(project, dict):
        return None
    table = cast("dict[str, object]", project)
    dynamic = table.get("dynamic")
    if isinstance(dynamic, list) and "dependencies" in dynamic:
        summary = "`dependencies` of `pyproject.toml` are dynamic: known once it is built"
        hint = "list them under `[project]`, or lock them: `uv lock`"
        raise reading.refused("requirements-dynamic", summary, PYPROJECT, hint)
    listed = table.get("dependencies")
    if listed is None:
        return None
    given = cast("list[object]", listed) if isinstance(listed, list) else [None]
    entries = [entry for entry in given if isinstance(entry, str)]
    if len(entries) < len(given):
        numbers = (n for n, line in enumerate(text.splitlines(), 1) if "dependencies" in line)
        where = f"{PYPROJECT}:{next(numbers, 1)}"
        summary = "`dependencies` of `project` is no list of texts"
        hint = 'write each requirement in quotes: `dependencies = ["requests>=2.32"]`'
        raise reading.refused("requirements-syntax", summary, where, hint)
    return requirements.listed(entries, text, PYPROJECT, project_dir)


def parsed(text: str, name: str) -> dict[str, object]:
    """Return the TOML *text* of the file *name* as data.

    Raises:
        InvalidApp: it is no TOML.
    """
    import tomllib  # noqa: PLC0415 - most projects have requirements.txt alone

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        summary = f"`{name}` is no TOML: {error}"
        raise reading.refused("requirements-toml", summary, name, "correct the line") from None


def _passed_over(winner: str, name: str) -> Problem:
    summary = f"`{name}` is passed over: `{winner}` says what is required"
    hint = f"remove `{winner}` if `{name}` is meant"
    return Problem("requirements-passed-over", summary, name, hint, "warning")
