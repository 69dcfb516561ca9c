"""What is seen in the user's own files before, and after, uv or pip is asked."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from chalice.bundle.archives.entries import BadArchive, read_entries, unpacked
from chalice.bundle.inputs.requirements import normalized
from chalice.bundle.resolution.question import problem
from chalice.bundle.wheels.metadata import read_metadata
from chalice.diagnostics import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from chalice.bundle.archives.entries import Entry
    from chalice.bundle.inputs.requirements import Requirement
    from chalice.bundle.parts import Distribution

_INFO = re.compile(r"([^/]+?)-[^/-]+\.dist-info/METADATA")
_EXTRAS = re.compile(r"^[A-Za-z0-9._-]+\s*\[([A-Za-z0-9._, -]+)\]")


def wrong_wheel(line: Requirement, name: str) -> list[Problem]:
    """Return what is wrong with the wheel *name* of this machine that a line asks for."""
    try:
        entries = _entries(line.file())
    except FileNotFoundError:
        summary, hint = f"`{name}` does not exist", "put the wheel there, or remove the line"
        return [problem("requirement-unreadable", summary, line.where, hint)]
    except OSError as error:
        summary = f"`{name}` cannot be read: {error.strerror}"
        hint = "make it a file that you can read"
        return [problem("requirement-unreadable", summary, line.where, hint)]
    except BadArchive as error:
        hint = "build the wheel again, or copy it again"
        return [problem(f"wheel-{error.fault}", f"`{name}` {error.why}", line.where, hint)]
    found = [match[1] for entry in entries if (match := _INFO.fullmatch(entry.name))]
    inside = normalized(found[0]) if len(found) == 1 else ""
    own = normalized(name.partition("-")[0])
    if inside and inside != own:
        summary = f"`{name}` is not the wheel of `{own}`: it holds `{inside}`"
        return [problem("wheel-damaged", summary, line.where, "give it the name it was built with")]
    if line.name != own:
        summary = f"`{line.name}` is asked for, and `{name}` is a wheel of `{own}`"
        return [problem("requirement-name", summary, line.where, f"write `{own} @ ...`")]
    return []


def broken(wheel: Path) -> tuple[str, str] | None:
    """Return what is wrong with the archive that a wheel is, and why; None where it is whole."""
    try:
        _entries(wheel)
    except BadArchive as error:
        return error.fault, error.why
    except OSError:
        return None
    return None


def _entries(wheel: Path) -> list[Entry]:
    """Return what is in a wheel, all of which was read.

    Raises:
        OSError: it cannot be read.
        BadArchive: it is damaged, or nothing that is packaged.
    """
    with wheel.open("rb") as file:
        entries = read_entries(file)
        for entry in entries:
            for _ in unpacked(file, entry):
                pass
    return list(entries)


def with_file(line: Requirement) -> Requirement:
    """Return a requirement of a wheel's file so that it means the same from any folder."""
    _, hash_mark, fragment = line.source.partition("#")
    uri = line.file().as_uri()
    marker = f" ; {line.marker}" if line.marker else ""
    return replace(
        line, text=f"{line.name}{extras(line.text)} @ {uri}{hash_mark}{fragment}{marker}"
    )


def extras(text: str) -> str:
    """Return the extras that a requirement asks for as it has them, `[fast]`; empty for none."""
    found = re.search(r"\[[A-Za-z0-9._, -]*\]", text.partition(";")[0])
    return found[0] if found else ""


def unknown_extras(
    lines: Sequence[Requirement], found: Sequence[Distribution]
) -> Iterator[Problem]:
    """Yield a warning for each extra that is asked for of a package which has none of that name."""
    wheels = {wheel.name: wheel for wheel in found}
    for line in lines:
        asked, wheel = _EXTRAS.match(line.text), wheels.get(line.name)
        if asked is None or wheel is None:
            continue
        try:
            known = read_metadata(wheel.wheel).get_all("Provides-Extra", [])
        except zipfile.BadZipFile:
            continue  # whoever reads the wheels says so
        names = {canonicalize_name(name) for name in known}
        for extra in filter(None, map(str.strip, asked[1].split(","))):
            if canonicalize_name(extra) not in names:
                there = ", ".join(f"`{name}`" for name in sorted(names))
                hint = f"write one of {there}" if names else "leave it out"
                summary = f"{wheel.origin} has no extra `{extra}`"
                yield Problem("requirement-extra", summary, line.where, hint, "warning").visible()
