"""Wheels made here, of what there is no wheel of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.bundle.resolution import own_sources
from chalice.bundle.resolution.question import Unbuilt
from chalice.bundle.wheels import fits
from chalice.bundle.wheels.credentials import without_user

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from chalice.bundle.parts import Progress
    from chalice.bundle.resolution.question import Question, Tool
    from chalice.bundle.store import Store
    from chalice.bundle.wheels.fetch import Kept, Wheels

_KIND = "built-wheels"
# Of which a source has one. Source: packaging's specification "Source distribution format", and
# what pip takes for a project that can be installed.
_PROJECT_FILES = ("pyproject.toml", "setup.py")


class Builder:
    """Builds sources for one target.

    A wheel that runs anywhere will do for everything; one that was compiled only where the user has
    allowed it, and the target is a machine of this kind.

    Args:
        tool: returns uv or pip.
        question: whom it is for.
        store: what was built before.
        wheels: where the wheels go.
        progress: is told what is being built.
        environ: the variables of git.
    """

    def __init__(
        self,
        tool: Callable[[], Tool],
        question: Question,
        store: Store,
        wheels: Wheels,
        progress: Progress,
        environ: Mapping[str, str],
    ) -> None:
        self._tool = tool
        self._question = question
        self._store = store
        self._wheels = wheels
        self._allowed = question.allowed
        self._progress = progress
        self._environ = environ
        self._count = 0

    def build(self, source: str, name: str, sha256: str = "") -> Kept:
        """Return the wheel of *source*.

        Args:
            source: a folder, an archive or a repository.
            name: the package's, where it is known.
            sha256: of an archive that is always the same: built once.

        Raises:
            Unbuilt: it does not build, or to what does not run on the target.
        """
        compiling = name in self._allowed
        key = f"{sha256} {self._question.target if compiling else 'any'}" if sha256 else ""
        if key and (kept := self._known(key)):
            return kept
        self._progress(f"Building {name or without_user(source)}")
        self._count += 1
        into = self._question.folder / f"built-{self._count}"
        into.mkdir()
        folder = own_sources.folder_of(source)
        if folder is not None:
            if not any((folder / name).is_file() for name in _PROJECT_FILES):
                raise Unbuilt("it has neither `pyproject.toml` nor `setup.py`")
            aside = self._question.folder / f"source-{self._count}"
            source = str(own_sources.copied(folder, aside, self._environ))
        path = self._built(source, folder, into, compiling=compiling)
        self._check(path, compiling=compiling)
        wheel = self._wheels.add(path, path.name)
        if key and self._wheels.kept:
            self._store.write(_KIND, key, f"{wheel.sha256} {path.name}".encode())
        return wheel

    def _built(self, source: str, folder: Path | None, into: Path, *, compiling: bool) -> Path:
        """Return the wheel that uv or pip makes of *source*, which is a copy of *folder* if any."""
        try:
            return self._tool().build(source, into, compiling=compiling)
        except Unbuilt as error:
            # Nobody knows the copy, and it is gone by now.
            said = error.said.replace(source, str(folder)) if folder else error.said
            raise Unbuilt(said) from error

    def _known(self, key: str) -> Kept | None:
        content = self._store.read(_KIND, key)
        if content is None:
            return None
        sha256, _, name = content.decode().partition(" ")
        return self._wheels.find(sha256, name)

    def _check(self, path: Path, *, compiling: bool) -> None:
        if fits.is_pure(path.name):
            return
        tags = path.name.removesuffix(".whl").split("-", 2)[2]
        if not compiling:
            raise Unbuilt(f"what it builds is compiled for `{tags}`")
        if not fits.fits(path.name, self._question.tags):
            raise Unbuilt(f"what it builds here runs on `{tags}` only")
