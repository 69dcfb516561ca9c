"""Whether the libraries of a package would be loaded: machine, needed libraries, symbol versions.

A model of the dynamic loader. Source: ld.so(8), "Rpath token expansion" and the order of search;
LD_LIBRARY_PATH of functions: Lambda developer guide, "Defined runtime environment variables".
"""

from __future__ import annotations

import posixpath
import re
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.bundle.inspection import image

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice.bundle.inspection.elf import Elf
    from chalice.bundle.target import Target

# Folders of a package that the loader looks into whatever a library says.
_LIBRARY_FOLDERS = ("/var/task", "/var/task/lib", "/opt/lib")

_VERSION = re.compile(r"([A-Z]+)_([0-9]+(?:\.[0-9]+)*)\Z")

# A version that says how the library was linked and not which functions it calls.
# Source: glibc 2.36 NEWS, DT_RELR.
_NAMED_VERSIONS = {"GLIBC_ABI_DT_RELR": ("GLIBC", (2, 36))}


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason why a library would not be loaded.

    Attributes:
        location: the library's file.
        code: `library-machine`, `library-missing` or `library-version`.
        what: the machine, the missing soname, or the version that is too new.
        where: the library that should have the version; where else in the package a missing one is.
        certain: whether it is so in every build of Lambda's image.
    """

    location: str
    code: str
    what: str
    where: str = ""
    certain: bool = True


class Linker:
    """The loader of one target.

    Args:
        target: where the libraries are to be loaded.
        libraries: what the libraries of the package say, by their places.
        files: every file of the package, by its place.
    """

    def __init__(
        self, target: Target, libraries: Mapping[str, Elf], files: Mapping[str, object]
    ) -> None:
        self._target = target
        self._image = image.image_of(target)
        self._libraries = libraries
        self._files = files
        self._there = self._image.certain | image.runtime_libraries(target)
        self._faults: dict[str, tuple[Fault, ...]] = {}
        self._by_name: dict[str, str] = {}
        for location, elf in libraries.items():
            self._by_name.setdefault(location.rpartition("/")[2], location)
            if elf.soname:
                self._by_name.setdefault(elf.soname, location)

    def load(self, root: str) -> tuple[list[Fault], set[str]]:
        """Load the library at *root*: return what goes wrong, and all that came with it."""
        faults: list[Fault] = []
        loaded = {self._libraries[root].soname, root.rpartition("/")[2]}
        seen = {root}
        left: deque[tuple[str, tuple[str, ...]]] = deque([(root, ())])
        while left:
            location, inherited = left.popleft()
            elf = self._libraries[location]
            if elf.machine != self._target.machine:
                faults.append(Fault(location, "library-machine", elf.machine))
                continue
            faults += self._versions(location)
            own = tuple(_expanded(path, location) for path in elf.search)
            # An RPATH holds for all that is loaded because of it, unless that has a RUNPATH.
            chain = (*own, *inherited) if elf.inherited or not own else ()
            for soname in elf.needed:
                if soname in loaded:
                    continue
                loaded.add(soname)
                found = self._found(soname, chain or own)
                if found is not None and found not in seen:
                    seen.add(found)
                    left.append((found, chain))
                elif found is None and (fault := self._missing(location, soname)):
                    faults.append(fault)
        return faults, seen

    def _found(self, soname: str, search: tuple[str, ...]) -> str | None:
        """Return the file of the package that *soname* is, None where it is none of them."""
        if "/" in soname:
            return soname if soname in self._libraries else None
        for folder in search:
            if (path := f"{folder}/{soname}") in self._libraries:
                return path
        if soname in self._there:
            return None
        for folder in _LIBRARY_FOLDERS:
            if (path := f"{folder}/{soname}") in self._libraries:
                return path
        return None

    def _missing(self, location: str, soname: str) -> Fault | None:
        if soname in self._there:
            return None
        elsewhere = self._by_name.get(soname, "")
        certain = soname not in self._image.uncertain and not elsewhere
        return Fault(location, "library-missing", soname, elsewhere, certain)

    def _versions(self, location: str) -> tuple[Fault, ...]:
        if location not in self._faults:
            self._faults[location] = tuple(self._too_new(location))
        return self._faults[location]

    def _too_new(self, location: str) -> Iterator[Fault]:
        """Yield the newest version of each family that the image does not have."""
        worst: dict[str, tuple[image.Version, str, str]] = {}
        elf = self._libraries[location]
        search = tuple(_expanded(path, location) for path in elf.search)
        for library, names in elf.versions.items():
            if library not in self._there or self._found(library, search) is not None:
                continue
            for name in names:
                family, version = _family(name)
                if version > worst.get(family, ((), "", ""))[0]:
                    worst[family] = version, name, library
        for family, (version, name, library) in worst.items():
            if version > self._image.newest.get(family, version):
                certain = version > self._image.lately.get(family, ())
                yield Fault(location, "library-version", name, library, certain)


def _family(name: str) -> tuple[str, image.Version]:
    """Return the family and the number of a symbol version.

    >>> _family("GLIBCXX_3.4.29")
    ('GLIBCXX', (3, 4, 29))
    """
    if name in _NAMED_VERSIONS:
        return _NAMED_VERSIONS[name]
    match = _VERSION.match(name)
    return (match[1], tuple(map(int, match[2].split(".")))) if match else ("", ())


def _expanded(path: str, location: str) -> str:
    """Return a folder of a search path, with what stands for the library's own folder."""
    folder = location.rpartition("/")[0]
    for mark in ("$ORIGIN", "${ORIGIN}"):
        path = path.replace(mark, folder)
    return posixpath.normpath(path)
