"""What the files of one distribution say, read once and kept under the hash of its wheel.

Reading is cheap where it can be: every file is looked at with `imports.mentions`, and the syntax
tree is read of those only that mention something which nothing in sight provides.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from chalice.bundle.elf import MAGIC, Elf, NotElf, read_elf
from chalice.bundle.groups import FORMAT, KIND, Group, kept
from chalice.bundle.modules import Found, Kind, Modules, module_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chalice.bundle.store import Store
    from chalice.bundle.target import Target

# What lets a module have submodules that are no files.
_OPENING = (b"sys.modules", b"meta_path", b"__path__", b"path_hooks")
_LIBRARY = re.compile(r"\.so(?:\.[0-9]+)*\Z")

# No larger library can ship: Lambda's limit of everything together.
_LARGEST_LIBRARY = 262_144_000


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a group, whatever it is shipped with.

    Attributes:
        libraries: its shared libraries, by their places; where one is damaged, the reason.
        mentions: modules that its own files and the standard library lack, each with the places of
            the files that may import it.
        open: its modules that may have more in them than can be seen.
    """

    libraries: Mapping[str, Elf | str]
    mentions: Mapping[str, Sequence[str]]
    open: Sequence[str]


def facts_of(group: Group, target: Target, store: Store) -> Facts:
    """Return the facts of *group*, from the store where they are known."""
    key = f"{FORMAT}:{target}:{group.identity()}"
    if (known := kept(store, key)) is not None:
        return Facts(
            {place: _elf(row) for place, row in known["libraries"].items()},
            known["mentions"],
            known["open"],
        )
    found = _read(group, target)
    libraries = {
        place: row if isinstance(row, str) else asdict(row)
        for place, row in found.libraries.items()
    }
    data = {"libraries": libraries, "mentions": dict(found.mentions), "open": list(found.open)}
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
    own = Modules(target)
    own.add(location for location, _ in group.files)
    libraries: dict[str, Elf | str] = {}
    mentioned: dict[str, list[str]] = {}
    opened: list[str] = []
    for location, file in group.files:
        if _LIBRARY.search(location) and file.size <= _LARGEST_LIBRARY:
            if (library := _library(group, location)) is not None:
                libraries[location] = library
        elif location.endswith(".py"):
            _look(group, location, own, mentioned, opened)
    return Facts(libraries, mentioned, opened)


def _library(group: Group, location: str) -> Elf | str | None:
    """Return what a shared library says, why it is none, or None for text: a linker script."""
    try:
        data = group.read(location)
        return read_elf(data) if data[:4] == MAGIC or not _is_text(data[:512]) else None
    except NotElf as error:
        return str(error)


def _is_text(start: bytes) -> bool:
    return b"\0" not in start


def _look(
    group: Group, location: str, own: Modules, mentioned: dict[str, list[str]], opened: list[str]
) -> None:
    """Note what the module at *location* may import that its group does not have."""
    from chalice.bundle.mentions import mentions  # noqa: PLC0415 - a warm inspection needs none

    name = module_name(location, own.target)
    if not name:
        return
    source = group.read(location)
    if any(sign in source for sign in _OPENING):
        opened.append(name)
    package = name if own.provided[name].kind is Kind.PACKAGE else name.rpartition(".")[0]
    for module, names in mentions(source, package):
        for candidate in _candidates(own, module, names):
            places = mentioned.setdefault(candidate, [])
            if not places or places[-1] != location:
                places.append(location)


def _candidates(own: Modules, module: str, names: Iterable[str]) -> Iterable[str]:
    """Yield of one mention what neither the group nor the standard library has."""
    if own.find(module) not in {Found.BUNDLE, Found.STANDARD_LIBRARY}:
        yield module if own.has(module.partition(".")[0]) else module.partition(".")[0]
    for name in names:
        whole = f"{module}.{name}"
        if whole in own.foreign and not own.has(whole):
            yield whole
