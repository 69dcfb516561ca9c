"""What the files of one distribution say, read once and kept under the hash of its wheel.

Reading is cheap where it can be: every file is looked at with `imports.mentions`, and the syntax
tree is read of those only that mention something which nothing in sight provides.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from chalice.bundle.inspection.elf import MAGIC, Elf, NotElf, read_elf
from chalice.bundle.inspection.groups import KIND, Group, kept
from chalice.bundle.inspection.modules import Found, Modules, module_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chalice.bundle.python.mentions import Mention
    from chalice.bundle.store import Store
    from chalice.bundle.target import Target

# What lets a module have submodules that are no files.
_OPENING = (b"sys.modules", b"meta_path", b"__path__", b"path_hooks")
# What lets a group import from folders of its own that no import finds by itself.
_PATH_EDIT = re.compile(rb"\bsys\.path\s*(?:\.(?:insert|append|extend)\b|\[|\+?=[^=])")
_LIBRARY = re.compile(r"\.so(?:\.[0-9]+)*\Z")

#: Why a file is no library that only a linker would read: it says where the library is.
SCRIPT = "it is a script for a linker"
# Source: GNU ld manual, "Linker Scripts": its commands for files and formats.
_SCRIPT = re.compile(rb"\b(?:INPUT|GROUP|OUTPUT_FORMAT)\s*\(")

# No larger library can ship: Lambda's limit of everything together.
_LARGEST_LIBRARY = 262_144_000


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a group, whatever it is shipped with.

    Attributes:
        libraries: its shared libraries, by their places; where one is damaged, the reason.
        bare: those of them that look like extension modules by their names, are none, and are not
            imported in the group: `ctypes` loads them, if anything does.
        mentions: modules that its files may import and that neither they nor the standard library
            have, names among them that its packages do not have.
        open: its modules that may have more in them than can be seen.
        edits_path: whether it puts folders on `sys.path`.
    """

    libraries: Mapping[str, Elf | str]
    bare: Sequence[str]
    mentions: Sequence[str]
    open: Sequence[str]
    edits_path: bool


def facts_of(group: Group, target: Target, store: Store) -> Facts:
    """Return the facts of *group*, from the store where they are known."""
    key = f"{target}:{group.identity()}"
    if (known := kept(store, key)) is not None:
        return Facts(
            {place: _elf(row) for place, row in known["libraries"].items()},
            known["bare"],
            known["mentions"],
            known["open"],
            known["edits_path"],
        )
    found = _read(group, target)
    libraries = {
        place: row if isinstance(row, str) else asdict(row)
        for place, row in found.libraries.items()
    }
    data = {**asdict(found), "libraries": libraries}
    store.write(KIND, key, json.dumps(data).encode())
    return found


def _elf(row: Any) -> Elf | str:
    if isinstance(row, str):
        return row
    return Elf(
        row["machine"],
        row["shared"],
        row["soname"],
        tuple(row["needed"]),
        tuple(row["search"]),
        row["inherited"],
        {library: tuple(names) for library, names in row["versions"].items()},
    )


def _read(group: Group, target: Target) -> Facts:
    from chalice.bundle.inspection.absent import absent_parts  # noqa: PLC0415 - a warm inspection
    from chalice.bundle.python.mentions import mentions  # noqa: PLC0415 - needs none of them

    own = Modules(target)
    own.add(location for location, _ in group.files)
    libraries: dict[str, Elf | str] = {}
    bare: list[str] = []
    mentioned: set[Mention] = set()
    by_itself: set[str] = set()
    opened: list[str] = []
    edits_path = False
    for location, file in group.files:
        if _LIBRARY.search(location) and file.size <= _LARGEST_LIBRARY:
            data = group.read(location)
            libraries[location] = _library(data)
            if _is_bare(location, data):
                bare.append(location)
        elif location.endswith(".py") and (name := module_name(location, target)):
            source = group.read(location)
            if any(sign in source for sign in _OPENING):
                opened.append(name)
            edits_path = edits_path or _PATH_EDIT.search(source) is not None
            package = name if location.endswith("/__init__.py") else name.rpartition(".")[0]
            found = mentions(source, package)
            mentioned |= found
            if package == name:
                own_parts = (names for module, names in found if module == package)
                by_itself.update(f"{package}.{part}" for names in own_parts for part in names)
    asked = {f"{module}.{name}" for module, names in mentioned for name in names}
    asked.update(module for module, _ in mentioned)
    bare = [place for place in bare if module_name(place, target) not in asked]
    lacking = _lacking(mentioned, own) | absent_parts(group, own, mentioned, by_itself)
    return Facts(libraries, bare, sorted(lacking), opened, edits_path)


def _library(data: bytes) -> Elf | str:
    """Return what a shared library says, or why it is none."""
    if not data:
        return "it is empty"
    if data[:4] != MAGIC and b"\0" not in data[:512]:
        return SCRIPT if _SCRIPT.search(data[:4096]) else "it is text"
    try:
        return read_elf(data)
    except NotElf as error:
        return str(error)


def _is_bare(location: str, data: bytes) -> bool:
    """Whether a library without a tag in its name lacks what makes it an extension module.

    Source: "Extending and Embedding the Python Interpreter", `PyInit_modulename`.
    """
    stem, _, suffix = location.rpartition("/")[2].partition(".")
    return suffix == "so" and f"PyInit_{stem}".encode() not in data


def _lacking(mentioned: Iterable[Mention], own: Modules) -> set[str]:
    """Return of what a group may import what neither it nor the standard library has."""
    lacking: set[str] = set()
    for module, names in mentioned:
        if own.find(module) not in {Found.BUNDLE, Found.STANDARD_LIBRARY}:
            top = module.partition(".")[0]
            lacking.add(module if own.has(top) else top)
        whole = (f"{module}.{name}" for name in names)
        lacking.update(name for name in whole if name in own.foreign and not own.has(name))
    return lacking
