"""What is in a package, added up for people: by package, by folder, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.bundle.parts import CHALICE, PROJECT, VENDOR

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chalice.bundle.parts import Archive, Bundle, LeftOut, Shipped

# Of each folder as many members are shown, the largest first; the rest is one line.
_MOST_MEMBERS = 8
# What is smaller than this share of the archive is not divided further.
_SMALLEST_SHARE = 0.02
_DEEPEST = 3

_NAMES = {PROJECT: "the project", VENDOR: "vendor/", CHALICE: "chalice (runtime)"}


@dataclass(frozen=True, slots=True)
class Part:
    """Everything of one origin, or in one folder.

    Attributes:
        name: as people call it.
        size: bytes when unpacked.
        compressed: bytes in the archive.
        files: how many.
        parts: what it is made of, the largest first; empty where it is not divided.
    """

    name: str
    size: int
    compressed: int
    files: int
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Omission:
    """Files of one origin that were left out by one rule.

    Attributes:
        reason: the rule's name.
        origin: as people call it.
        size: bytes when unpacked.
        paths: the files.
    """

    reason: str
    origin: str
    size: int
    paths: tuple[str, ...]


def archives(bundle: Bundle) -> tuple[Archive, ...]:
    """Return the archives that were written, the functions' first."""
    return (bundle.code,) if bundle.layer is None else (bundle.code, bundle.layer)


def packages(bundle: Bundle) -> tuple[Part, ...]:
    """Return everything that ships, by where it comes from, the largest first."""
    shipped = [item for archive in archives(bundle) for item in archive.shipped]
    return tuple(_by_origin(shipped))


def tree(archive: Archive) -> Part:
    """Return what is in *archive*: by origin, then by folder as far as that says something."""
    least = int(archive.unzipped * _SMALLEST_SHARE)
    parts = [
        _divided(part, [item for item in archive.shipped if named(item.origin) == part.name], least)
        for part in _by_origin(archive.shipped)
    ]
    return Part(
        archive.path.name, archive.unzipped, archive.size, len(archive.shipped), tuple(parts)
    )


def omissions(bundle: Bundle) -> tuple[Omission, ...]:
    """Return what was left out: the project's first, then by size."""
    groups: dict[tuple[str, str], list[LeftOut]] = {}
    for item in bundle.left_out:
        groups.setdefault((item.reason, item.origin), []).append(item)
    found = [
        Omission(
            reason,
            named(origin),
            sum(item.size for item in items),
            tuple(sorted(item.path for item in items)),
        )
        for (reason, origin), items in groups.items()
    ]
    ours = {named(PROJECT): 0, named(VENDOR): 1}
    return tuple(
        sorted(found, key=lambda item: (ours.get(item.origin, 2), -item.size, item.reason))
    )


def named(origin: str) -> str:
    """Return *origin* as people call it."""
    return _NAMES.get(origin, origin)


def size_text(size: int) -> str:
    """Return a size for people, in the units in which Lambda counts its limits.

    >>> size_text(12), size_text(2048), size_text(52_428_800)
    ('12 B', '2.0 KB', '50.0 MB')
    """
    if size < 1024:
        return f"{size} B"
    if size < 1024 * 1024:
        return f"{size / 1024:.1f} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def _by_origin(shipped: Iterable[Shipped]) -> list[Part]:
    groups: dict[str, list[Shipped]] = {}
    for item in shipped:
        groups.setdefault(named(item.origin), []).append(item)
    return _sorted(_part(name, items) for name, items in groups.items())


def _divided(part: Part, items: Sequence[Shipped], least: int, prefix: str = "") -> Part:
    """Return *part* with its folders, where it is large enough to be looked into."""
    depth = prefix.count("/")
    if part.size < least or depth >= _DEEPEST or part.files == 1:
        return part
    groups: dict[str, list[Shipped]] = {}
    for item in items:
        head, slash, _ = item.path.removeprefix(prefix).partition("/")
        groups.setdefault(f"{head}{slash}", []).append(item)
    if len(groups) == 1:
        [(only, members)] = groups.items()
        inner = _divided(_part(f"{prefix}{only}", members), members, least, f"{prefix}{only}")
        return Part(part.name, part.size, part.compressed, part.files, (inner,))
    parts = _sorted(_part(f"{prefix}{name}", members) for name, members in groups.items())
    shown = [
        _divided(item, groups[item.name.removeprefix(prefix)], least, item.name)
        for item in parts[:_MOST_MEMBERS]
    ]
    rest = parts[_MOST_MEMBERS:]
    if rest:
        shown.append(
            Part(
                f"{len(rest)} more",
                sum(item.size for item in rest),
                sum(item.compressed for item in rest),
                sum(item.files for item in rest),
            )
        )
    return Part(part.name, part.size, part.compressed, part.files, tuple(shown))


def _part(name: str, items: Sequence[Shipped]) -> Part:
    size = sum(item.size for item in items)
    return Part(name, size, sum(item.compressed for item in items), len(items))


def _sorted(parts: Iterable[Part]) -> list[Part]:
    return sorted(parts, key=lambda part: (-part.size, part.name))
