"""What packages need of each other, as their wheels say it."""

from __future__ import annotations

import zipfile
from email.parser import HeaderParser
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement

from chalice.bundle.requirements import normalized

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path


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


def _requires(wheel: Path, environment: Mapping[str, str]) -> Iterable[str]:
    with zipfile.ZipFile(wheel) as archive:
        info = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        text = archive.read(info[0]).decode("utf-8", "replace") if info else ""
    headers = HeaderParser().parsestr(text)
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
