"""Files that cannot be taken: unreadable for uv or pip, not to be had, or not what was promised."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from chalice.bundle.inputs.requirements import normalized
from chalice.bundle.resolution import closure, hashes, own_files
from chalice.bundle.resolution.question import problem
from chalice.bundle.wheels.fetch import WrongHash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from chalice.bundle.inputs.choice import Inputs
    from chalice.bundle.inputs.requirements import Requirement
    from chalice.bundle.resolution.locked import Package
    from chalice.bundle.resolution.question import Question
    from chalice.bundle.wheels.fetch import Kept, NotFetched
    from chalice.diagnostics import Problem

_NAMED = re.compile(r"([^\s`'\"/\\]+\.whl)")
# pip names the file itself where it has not fetched it.
_LOCATED = re.compile(r"located at (.+?\.whl) is invalid")
_DAMAGED = re.compile(
    r"Failed to extract archive|is invalid|[Ii]nvalid zip|Bad (?:un)?compressed size|\bCRC\b"
)


def damaged(
    said: str,
    lines: Sequence[Requirement],
    where: str,
    folders: Iterable[Path],
    project_dir: Path,
) -> Iterator[Problem]:
    """Yield the problem of the wheel that uv or pip could not read.

    Args:
        said: what it said.
        lines: the requirements with their places.
        where: the file, for what no line asks for.
        folders: where wheels are on this machine.
        project_dir: the project, whose paths are shown.
    """
    named = _NAMED.search(said)
    if named is None:
        return
    name = named[1]
    project = normalized(name.partition("-")[0])
    place = next((line.where for line in lines if line.name == project), where)
    located = _LOCATED.search(said)
    paths = [Path(located[1])] if located else []
    # In a folder of wheels, or in that of its project in an index.
    paths += [folder / below for folder in folders for below in (name, f"{project}/{name}")]
    for path in paths:
        if path.is_file() and (broken := own_files.broken(path)):
            shown = path.relative_to(project_dir) if path.is_relative_to(project_dir) else path
            fault, why = broken
            hint = "build the wheel again, or copy it again"
            yield problem(f"wheel-{fault}", f"`{shown}` {why}", place, hint)
            return
    if _DAMAGED.search(said):
        hint = "look at the index that serves it, or ask for another version"
        yield problem("wheel-damaged", f"`{name}` cannot be read: it is damaged", place, hint)


def wrong_content(package: Package, wheel: Kept, question: Question, where: str) -> Problem | None:
    """Return what is wrong with a wheel that came as promised."""
    version = f"{package.name} {package.version}".strip()
    try:
        python = closure.other_python(wheel.path, question.target.python)
    # `zipfile` raises NotImplementedError for a way of compressing that it does not know.
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError):
        summary = f"`{wheel.path.name}` of {version} is no wheel: it cannot be opened"
        return problem("wheel-damaged", summary, where, "look at the index that serves it")
    if not python:
        return None
    summary = f"{version} runs on Python {python}, not on {question.target}"
    return problem("requirement-version", summary, where, "ask for another version")


def not_fetched(package: Package, error: NotFetched, where: str, inputs: Inputs) -> Problem:
    """Return the problem of a file that did not come, or not as it was promised."""
    if isinstance(error, WrongHash):
        return hashes.broken_promise(package, error, where, inputs)
    summary = f"{package.name} {package.version} cannot be fetched: {error.reason}"
    return problem("requirement-unfetched", summary, where, error.hint)
