"""What packages need of each other, as their wheels say it."""

from __future__ import annotations

import zipfile
from email.parser import HeaderParser
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from chalice.bundle.inputs.requirements import normalized

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from email.message import Message
    from pathlib import Path

# Patch releases of one minor version of Python: there have never been more.
_PATCHES = range(30)


def needed(
    wheels: Mapping[str, Path], roots: Collection[str], environment: Mapping[str, str]
) -> set[str]:
    """Return the names of *wheels* that *roots* need, themselves included.

    What only an extra needs counts as needed, whether or not anybody asks for the extra.

    Args:
        wheels: the file of each package, by its name.
        roots: the names to begin with.
        environment: the variables of markers.
    """
    found: set[str] = set()
    waiting = [name for name in roots if name in wheels]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [other for other in _requires(wheels[name], environment) if other in wheels]
    return found


def other_python(wheel: Path, python: tuple[int, int]) -> str:
    """Return which Python a wheel asks for where it is not *python*; empty where it is.

    Indexes need not say it, and resolvers look no further.

    Raises:
        BadZipFile: it is no wheel.
    """
    asked = _metadata(wheel).get("Requires-Python", "")
    try:
        specifiers = SpecifierSet(asked)
    except InvalidSpecifier:
        return ""
    # Which patch the target has nobody knows: any of the minor version will do.
    minor = f"{python[0]}.{python[1]}"
    return "" if any(specifiers.contains(f"{minor}.{patch}") for patch in _PATCHES) else asked


def _metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        info = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        text = archive.read(info[0]).decode("utf-8", "replace") if info else ""
    return HeaderParser().parsestr(text)


def _requires(wheel: Path, environment: Mapping[str, str]) -> Iterable[str]:
    headers = _metadata(wheel)
    extras = ["", *headers.get_all("Provides-Extra", [])]
    for line in headers.get_all("Requires-Dist", []):
        try:
            asked = Requirement(line)
        except InvalidRequirement:
            continue
        marker = asked.marker
        if marker is None or any(
            marker.evaluate({**environment, "extra": extra}) for extra in extras
        ):
            yield normalized(asked.name)
