"""What a wheel says of itself. Source: packaging's specification "Core metadata"."""

from __future__ import annotations

import re
import zipfile
from email.parser import HeaderParser
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from email.message import Message
    from pathlib import Path

_METADATA = re.compile(r"[^/]+\.dist-info/METADATA")


def read_metadata(wheel: Path) -> Message:
    """Return the metadata of *wheel*, empty where it has none.

    Raises:
        OSError: it cannot be read.
        BadZipFile: it is no wheel.
    """
    with zipfile.ZipFile(wheel) as archive:
        # At the top: a wheel may carry others with their own, in a folder such as `_vendor`.
        names = [name for name in archive.namelist() if _METADATA.fullmatch(name)]
        text = archive.read(names[0]).decode("utf-8", "replace") if names else ""
    return HeaderParser().parsestr(text)


def required(metadata: Message, markers: Mapping[str, str]) -> Iterator[str]:
    """Yield the normalized names of what a wheel needs where *markers* hold.

    What only an extra needs counts as needed, whether or not anybody asks for the extra.
    """
    extras = ["", *metadata.get_all("Provides-Extra", [])]
    for line in metadata.get_all("Requires-Dist", []):
        try:
            asked = Requirement(line)
        except InvalidRequirement:
            continue
        marker = asked.marker
        if marker is None or any(marker.evaluate({**markers, "extra": extra}) for extra in extras):
            yield canonicalize_name(asked.name)
