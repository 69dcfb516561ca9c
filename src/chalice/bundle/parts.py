"""What a package is made of, as data: what goes in, what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from chalice.bundle.target import Target
    from chalice.diagnostics import Problem

#: Origins of what ships that are not a distribution.
PROJECT = "project"
VENDOR = "vendor"
CHALICE = "chalice"

# As AWS Chalice calls what it writes.
CODE_ARCHIVE = "deployment.zip"
LAYER_ARCHIVE = "layer-deployment.zip"


class Progress(Protocol):
    """Is told how far long work has come."""

    def __call__(self, doing: str, done: int = 0, total: int = 0) -> None:
        """Show *doing*; *total* 0 says that nobody knows how much it is (bytes or pieces)."""
        ...


@dataclass(frozen=True, slots=True)
class Distribution:
    """One requirement, resolved: a wheel that fits the target.

    Attributes:
        name: the project's name, normalized.
        version: as its metadata has it.
        wheel: the wheel's file, whole and checked.
        sha256: of the wheel, hexadecimal.
        where: who asks for it: `requirements.txt:3`, or the file's name for what is only needed by
            others.
        built: whether the wheel was built on this machine, from an sdist or a source tree.
    """

    name: str
    version: str
    wheel: Path
    sha256: str
    where: str = ""
    built: bool = False

    @property
    def origin(self) -> str:
        """The distribution as reports name it, `numpy 2.5.5`."""
        return f"{self.name} {self.version}"


@dataclass(frozen=True, slots=True)
class Shipped:
    """One file of an archive.

    Attributes:
        path: its place in the archive, with `/`.
        size: bytes when unpacked.
        compressed: bytes in the archive.
        origin: `Distribution.origin`, or one of the constants of this module.
        source: the file that it was read from, relative to the project; empty for what is not the
            project's own.
    """

    path: str
    size: int
    compressed: int
    origin: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One file that was found and does not ship.

    Attributes:
        path: its place in the archive had it shipped.
        size: bytes when unpacked.
        origin: as in `Shipped`.
        reason: the rule's name, `tests`, `secret`, `excluded`, ...
    """

    path: str
    size: int
    origin: str
    reason: str


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip as Lambda takes it, written.

    Attributes:
        path: the file.
        sha256: of the file, hexadecimal.
        size: bytes of the file.
        unzipped: bytes of what is in it.
        shipped: its files in the order of the archive.
    """

    path: Path
    sha256: str
    size: int
    unzipped: int
    shipped: tuple[Shipped, ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything that a project ships.

    Attributes:
        target: what it was built for.
        code: the functions' archive.
        layer: the archive of requirements where `automatic_layer` asks for one.
        distributions: the requirements, by name.
        left_out: what was found and does not ship.
        notes: warnings that do not stop anything.
    """

    target: Target
    code: Archive
    layer: Archive | None
    distributions: tuple[Distribution, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[Problem, ...]
