"""Tells which edits of a project matter, as they happen."""

from __future__ import annotations

import asyncio
import os
from contextlib import aclosing
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

# Directories whose content is made by tools, whatever it is.
_LITTER = frozenset(
    {
        "__pycache__",
        "__pypackages__",
        "build",
        "cdk.out",
        "dist",
        "env",
        "htmlcov",
        "node_modules",
        "site-packages",
        "venv",
    }
)
# The rest of what is shipped may be read while the application is imported.
_SHIPPED = frozenset({"chalicelib", "vendor"})
_LITTER_SUFFIXES = (".pyc", ".pyo", ".swp", ".swx", ".tmp", "~")

# How long edits are collected once one was seen: an editor writes a file in several steps, and a
# tool that changes many takes a while.
_STEP_MS = 20
_DEBOUNCE_MS = 200

_FIRST_REQUESTS_SECONDS = 0.3

# Source: watchfiles, `Change.added`.
_ADDED = 1


def matters(path: PurePath) -> bool:
    """Return whether an edit of *path*, relative to the project, changes what is served.

    >>> [matters(PurePath(p)) for p in ("app.py", ".chalice/config.json", "chalicelib/a.json")]
    [True, True, True]
    >>> [matters(PurePath(p)) for p in ("README.md", "venv/x.py", ".git/a.py", "chalicelib/a.py~")]
    [False, False, False, False]
    """
    *parents, name = path.parts
    if parents == [".chalice"]:
        return name.endswith(".json") and not name.startswith(".")
    if any(part in _LITTER or part.startswith(".") for part in parents):
        return False
    if name.startswith((".", "#")) or name.endswith(_LITTER_SUFFIXES):
        return False
    return name.endswith(".py") or bool(parents and parents[0] in _SHIPPED)


def ships(path: PurePath) -> bool:
    """Return whether an edit of *path* changes the package."""
    from chalice.bundle.inputs import choice  # noqa: PLC0415 - `chalice local` packages nothing

    return matters(path) or (len(path.parts) == 1 and path.name in choice.NAMES)


def may_hold(path: PurePath) -> bool:
    """Return whether *path*, come or gone, may be a folder of modules.

    A folder that is moved or removed is told of alone, without the files in it.

    >>> [may_hold(PurePath(p)) for p in ("chalicelib", "models", "LICENSE.md", "venv", ".git")]
    [True, True, False, False, False]
    """
    return path.name.isidentifier() and matters(path / "__init__.py")


async def edits(
    directory: Path,
    since_ns: int,
    say: Callable[[str], None],
    wanted: Callable[[PurePath], bool] = matters,
) -> AsyncIterator[tuple[str, ...]]:
    """Yield the files of each edit that matters, relative to *directory*.

    Args:
        directory: the project's, absolute.
        since_ns: the time from which on an edit counts, though nobody watched yet.
        say: is told, once, if edits cannot be watched.
        wanted: tells which files, relative to the project, matter.
    """
    # The import takes a while, in which the first requests would wait for the interpreter; edits
    # until then are found by their time.
    await asyncio.sleep(_FIRST_REQUESTS_SECONDS)
    watchfiles = await asyncio.to_thread(__import__, "watchfiles")

    def relevant(change: object, path: str) -> bool:
        relative = PurePath(os.path.relpath(path, directory))
        return wanted(relative) or (change is not watchfiles.Change.modified and may_hold(relative))

    try:
        async with aclosing(
            watchfiles.awatch(
                directory, watch_filter=relevant, step=_STEP_MS, debounce=_DEBOUNCE_MS
            )
        ) as changes:
            first = asyncio.ensure_future(anext(changes))
            try:
                await asyncio.sleep(0)  # the watch stands once awatch has run to its first wait
                known = Known(directory, wanted)
                missed = await asyncio.to_thread(known.look, since_ns)
                if missed:
                    yield missed
                if names := known.edited(await first):
                    yield names
            finally:
                # Who ends the watch by now must not meet it at work: it could not be closed.
                first.cancel()
                await asyncio.wait({first})
            async for change in changes:
                if names := known.edited(change):
                    yield names
    except (OSError, RuntimeError, StopAsyncIteration) as error:
        say(f"Edits are not noticed, restart to see them: {error}")


class Known:
    """The files of a project that matter, to tell them from those that come and go.

    Editors and `sed -i` write a file under a name of its own, which it then loses.
    """

    def __init__(self, directory: Path, wanted: Callable[[PurePath], bool]) -> None:
        self._directory = directory
        self._wanted = wanted
        self._files: set[str] = set()
        self._passing: set[str] = set()

    def look(self, since_ns: int) -> tuple[str, ...]:
        """Take note of what there is; return what was changed since, as far as times tell."""
        self._files |= (found := self._below(""))
        return tuple(sorted(name for name in found if _modified(self._directory / name) > since_ns))

    def edited(self, changes: Iterable[tuple[int, str]]) -> tuple[str, ...]:
        """Return the names of what *changes* are of, but for what nobody but them has seen."""
        of_names: dict[str, set[int]] = {}
        for change, path in changes:
            of_names.setdefault(os.path.relpath(path, self._directory), set()).add(change)
        return tuple(sorted(name for name, kinds in of_names.items() if self._counts(name, kinds)))

    def _counts(self, name: str, kinds: set[int]) -> bool:
        if (self._directory / name).exists():
            self._passing.discard(name)
            # Of a folder that came nobody tells what is in it.
            self._files |= {name, *self._below(name)}
            return True
        inside = f"{name}{os.sep}"
        gone = {file for file in self._files if file == name or file.startswith(inside)}
        self._files -= gone
        if gone or (_ADDED not in kinds and name not in self._passing):
            return True
        self._passing.add(name)
        return False

    def _below(self, folder: str) -> set[str]:
        """Return the files that matter in *folder*, none where it is a file."""
        found: set[str] = set()
        for parent, folders, files in os.walk(self._directory / folder):
            inside = os.path.relpath(parent, self._directory)
            folders[:] = [name for name in folders if matters(PurePath(inside, name, "x.py"))]
            if inside == ".":
                folders.append(".chalice")
            paths = (PurePath(inside, name) for name in files)
            found.update(str(path) for path in paths if self._wanted(path))
        return found


def _modified(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
