"""Which wheels an interpreter of the target can load, told by their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.tags import compatible_tags, cpython_tags
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from packaging.tags import Tag

    from chalice.bundle.target import Target

# The oldest glibc with a manylinux tag of that kind, by machine. Source: PEP 600 and PEP 599,
# "manylinux2014" being the first for AArch64.
_OLDEST = {"x86_64": 5, "aarch64": 17}

# Source: PEP 600, "Legacy manylinux tags".
_LEGACY = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}

# Distributions say the same interpreter in many ways: as many of them as a message can hold.
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Offer:
    """One file that is to be had.

    Attributes:
        name: the file's.
        url: where it is: `https:` or `file:`.
        hashes: what is said of its content, by algorithm; all must hold.
        one_of: `ALGORITHM:HASH` of which one must hold; any content will do where there are none.
    """

    name: str
    url: str
    hashes: Mapping[str, str]
    one_of: tuple[str, ...] = ()


def ranks(target: Target) -> dict[Tag, int]:
    """Return the tags of wheels that run on *target*; the lower the number, the better."""
    tag = f"cp{target.python[0]}{target.python[1]}"
    platforms = list(_platforms(target))
    tags = [
        *cpython_tags(target.python, [tag], platforms),
        *compatible_tags(target.python, tag, platforms),
    ]
    return {tag: rank for rank, tag in reversed(list(enumerate(tags)))}


def best(offers: Iterable[Offer], ranked: Mapping[Tag, int]) -> Offer | None:
    """Return the offer that suits best, None where none does."""
    found = [(key, offer) for offer in offers if (key := _key(offer.name, ranked)) is not None]
    return min(found, key=lambda pair: (pair[0], pair[1].name))[1] if found else None


def fits(name: str, ranked: Mapping[Tag, int]) -> bool:
    """Whether the wheel of this *name* runs where the tags were made for."""
    return _key(name, ranked) is not None


def is_pure(name: str) -> bool:
    """Whether the wheel of this *name* runs on any machine."""
    return name.endswith("-none-any.whl")


def described(names: Iterable[str], target: Target) -> str:
    """Return what wheels there are as a message says it, those nearest to *target* first."""
    tags = {tag: _distance(tag, target) for name in names for tag in _own_tags(name)}
    nearest = sorted(tags, key=lambda tag: (tags[tag], tag))
    more = f" and {len(nearest) - _SHOWN} more" if len(nearest) > _SHOWN else ""
    return ", ".join(f"`{tag}`" for tag in nearest[:_SHOWN]) + more


def _platforms(target: Target) -> Iterator[str]:
    machine = target.machine
    major, newest = target.glibc
    for minor in range(newest, _OLDEST[machine] - 1, -1):
        yield f"manylinux_{major}_{minor}_{machine}"
        if minor in _LEGACY:
            yield f"{_LEGACY[minor]}_{machine}"
    # What was built on a machine of this kind, and promises nothing about others.
    yield f"linux_{machine}"


def _key(name: str, ranked: Mapping[Tag, int]) -> tuple[int, tuple[int, str]] | None:
    """Return by what a wheel is preferred, None where it does not run."""
    try:
        _, _, build, tags = parse_wheel_filename(name)
    except InvalidWheelFilename:
        return None
    rank = min((ranked[tag] for tag in tags if tag in ranked), default=None)
    if rank is None:
        return None
    # Of two that differ in nothing else the later build is meant.
    return rank, (-build[0], build[1]) if build else (0, "")


def _own_tags(name: str) -> list[str]:
    """Return interpreter, ABI and each platform of a wheel as its name has them."""
    parts = name.removesuffix(".whl").split("-")
    if len(parts) < 5:
        return []
    return [f"{parts[-3]}-{parts[-2]}-{platform}" for platform in parts[-1].split(".")]


def _distance(tag: str, target: Target) -> tuple[bool, bool, bool, bool]:
    """Return how far a wheel's tag is from running on *target*, in the order of what matters."""
    interpreter, abi, platform = tag.split("-", 2)
    own = f"cp{target.python[0]}{target.python[1]}"
    return (
        own not in interpreter.split(".") and "abi3" not in abi,
        not platform.endswith(target.machine),
        "linux" not in platform,
        "musl" in platform,
    )
