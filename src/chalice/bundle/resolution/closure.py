"""What packages need of each other, as their wheels say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.bundle.inputs.pythons import suits
from chalice.bundle.wheels.metadata import read_metadata, required

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path


def needed(
    wheels: Mapping[str, Path], roots: Collection[str], markers: Mapping[str, str]
) -> set[str]:
    """Return the names of *wheels* that *roots* need, themselves included.

    Args:
        wheels: the file of each package, by its name.
        roots: the names to begin with.
        markers: the variables of markers.
    """
    found: set[str] = set()
    waiting = [name for name in roots if name in wheels]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            needs = required(read_metadata(wheels[name]), markers)
            waiting += [other for other in needs if other in wheels]
    return found


def other_python(wheel: Path, python: tuple[int, int]) -> str:
    """Return which Python a wheel asks for where it is not *python*; empty where it is.

    Indexes need not say it, and resolvers look no further.

    Raises:
        BadZipFile: it is no wheel.
    """
    asked = read_metadata(wheel).get("Requires-Python", "")
    return "" if suits(asked, python) else asked
