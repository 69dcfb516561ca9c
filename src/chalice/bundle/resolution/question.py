"""What uv and pip are asked, and what they answer: the same for both."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from chalice.bundle.wheels import fits
from chalice.diagnostics import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from packaging.tags import Tag

    from chalice.bundle.parts import Progress
    from chalice.bundle.resolution.locked import Package
    from chalice.bundle.target import Target


class Unsolved(Exception):
    """There is no answer.

    Attributes:
        said: what the program said about it, for people.
    """

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


class Unreachable(Unsolved):
    """The index did not answer, or wants to know who asks: nothing is known of the packages."""


class NoInterpreter(Unsolved):
    """The program finds no Python that it could work with."""


class Unbuilt(Unsolved):
    """A source does not build."""


class SourceOnly(Unsolved):
    """A package has a source only, which makes no wheel that would do.

    Attributes:
        package: the package.
    """

    def __init__(self, package: Package, said: str) -> None:
        super().__init__(said)
        self.package = package


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be had, and for whom.

    Attributes:
        lines: requirements, as a requirements file has them.
        constraints: what holds for what is taken anyway.
        options: where packages come from, as a requirements file has it.
        target: where they are to run.
        folder: for files that are needed on the way.
        tags: what runs on *target*, best first.
        file: a `pyproject.toml` that says all of *lines*, and to uv where else they come from.
        allowed: names that may be built here even where that compiles.
        secrets: paths of files that ship although they look secret.
    """

    lines: tuple[str, ...]
    constraints: tuple[str, ...]
    options: tuple[str, ...]
    target: Target
    folder: Path
    tags: Mapping[Tag, int] = field(repr=False, default_factory=dict["Tag", int])
    file: Path | None = None
    allowed: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()

    def lacking(self, package: Package) -> bool:
        """Whether *package* has nothing that runs on the target as it is."""
        return not package.source and fits.best(package.wheels, self.tags) is None


class Tool(Protocol):
    """uv or pip."""

    name: str

    def solve(self, question: Question, progress: Progress) -> Sequence[Package]:
        """Return one version of each package that is needed; wheels where there are any.

        Raises:
            Unsolved: no versions go together, or something does not exist.
        """
        ...

    def available(self, question: Question, line: str) -> Sequence[Package]:
        """Return what *line* alone stands for, for any machine, without what it needs.

        Raises:
            Unsolved: nothing.
        """
        ...

    def fitting(self, question: Question, line: str) -> Sequence[Package]:
        """Return the wheel for the target that *line* alone stands for.

        Raises:
            Unsolved: there is none.
        """
        ...

    def build(self, source: str, into: Path, *, compiling: bool) -> Path:
        """Build a wheel from a folder, an archive or a repository, and return its file.

        Args:
            source: where it is.
            into: an empty folder for the wheel.
            compiling: whether compilers may run.

        Raises:
            Unbuilt: it does not build.
        """
        ...


def build_environment(environ: Mapping[str, str], *, compiling: bool) -> dict[str, str]:
    """Return the variables with which a source is built.

    A source that would compile where it can does not: what it builds runs on any machine. The
    clock says the same each time (source: reproducible-builds.org, "SOURCE_DATE_EPOCH"; the day
    is the first that a zip can hold).
    """
    fixed = {
        "SOURCE_DATE_EPOCH": "315532800",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",  # the repository of a source that is copied is the user's own
    }
    compilers = {} if compiling else {"CC": "false", "CXX": "false"}
    return {**environ, **fixed, **compilers}


def problem(code: str, summary: str, where: str, hint: str) -> Problem:
    """Return a problem whose texts have no user of an index in them."""
    from chalice.bundle.wheels.credentials import without_user  # noqa: PLC0415 - only trouble pays

    return Problem(code, without_user(summary), where, without_user(hint)).visible()
