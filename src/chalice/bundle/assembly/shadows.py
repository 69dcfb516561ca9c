"""Which file ships where several want the same place, or are parts of one package.

On Lambda all stands in one folder, so the first of these keeps a name:

    the project's own files, Chalice, `vendor/`, the requirements by name

A package (a folder with an `__init__.py`) or a module that stands before another of its name hides
it wholly: two versions mixed file by file are neither. Folders without `__init__.py` are parts of
one namespace and are put together; so are requirements that share a folder, as an installer does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from chalice.bundle.parts import CHALICE, PROJECT, VENDOR, LeftOut
from chalice.diagnostics import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chalice.bundle.archives.archive import Content

REASON = "shadowed"

_PLACES = {PROJECT: "the project", VENDOR: "`vendor/`", CHALICE: "Chalice"}
_RANKS = {PROJECT: 0, CHALICE: 1, VENDOR: 2}
_REQUIREMENT = 3
_MODULE_SUFFIXES = (".py", ".so", ".pyc")


class Candidate(NamedTuple):
    """One file that wants a place, with its bytecode, which goes where it goes."""

    path: str
    content: Content
    origin: str
    source: str = ""
    executable: bool = False
    bytecode: Content | None = None


class Settled(NamedTuple):
    """Who got a place, who did not, and what to tell of it."""

    ships: list[Candidate]
    left_out: list[LeftOut]
    notes: list[Problem]


def settle(candidates: Iterable[Candidate]) -> Settled:
    """Return which *candidates* ship, one for each path, in the order of the paths."""
    ordered = sorted(candidates, key=lambda one: (one.path, _rank(one.origin), one.origin))
    hidden = _hidden(ordered)
    kept: dict[str, Candidate] = {}
    left_out: list[LeftOut] = []
    told: dict[tuple[str, str, str], Problem] = {}
    for one in ordered:
        top = _top(one.path)
        owner = hidden.get((top, one.origin))
        first = kept.get(one.path)
        if owner is None and first is None:
            kept[one.path] = one
            continue
        left_out.append(LeftOut(one.path, one.content.size, one.origin, REASON))
        if owner is not None:
            told.setdefault((top, owner, one.origin), _shadow(top, owner, one.origin))
        elif first is not None and not _same(first.content, one.content):
            told.setdefault((one.path, "", one.origin), _collision(first, one))
    return Settled(list(kept.values()), left_out, list(told.values()))


def _rank(origin: str) -> int:
    return _RANKS.get(origin, _REQUIREMENT)


def _hidden(candidates: Sequence[Candidate]) -> dict[tuple[str, str], str]:
    """Return who hides the top-level name of whom: owners by name and origin."""
    packages: dict[str, list[str]] = {}
    for one in candidates:
        if _is_package(one.path):
            owners = packages.setdefault(_top(one.path), [])
            if one.origin not in owners:
                owners.append(one.origin)
    hidden: dict[tuple[str, str], str] = {}
    for top, origins in packages.items():
        first, *others = sorted(origins, key=lambda origin: (_rank(origin), origin))
        for other in others:
            if _rank(other) != _rank(first):
                hidden[top, other] = first
    return hidden


def _top(path: str) -> str:
    """Return the name that is imported to get at *path*, or the path of what is no module."""
    folder, slash, _ = path.partition("/")
    if slash:
        return folder
    return path.partition(".")[0] if path.endswith(_MODULE_SUFFIXES) else path


def _is_package(path: str) -> bool:
    """Return whether *path* is what makes a top-level package, or a module, of its name."""
    _, slash, rest = path.partition("/")
    name = rest if slash else path
    if not name.endswith(_MODULE_SUFFIXES):
        return False
    return not slash or name.partition(".")[0] == "__init__"


def _same(one: Content, other: Content) -> bool:
    return (one.crc, one.size) == (other.crc, other.size)


def _called(origin: str) -> str:
    return _PLACES.get(origin, f"`{origin}`")


def _shadow(top: str, owner: str, other: str) -> Problem:
    summary = f"`{top}` of {_called(owner)} takes the place of `{top}` of {_called(other)}"
    hint = "rename or remove the one that is not meant"
    return Problem("package-shadowed", summary, "", hint, severity="warning")


def _collision(first: Candidate, other: Candidate) -> Problem:
    summary = (
        f"`{other.path}` is in {_called(first.origin)} and in {_called(other.origin)}, "
        f"and they differ; that of {_called(first.origin)} ships"
    )
    hint = "remove the requirement that is not meant"
    return Problem("files-collide", summary, "", hint, severity="warning")
