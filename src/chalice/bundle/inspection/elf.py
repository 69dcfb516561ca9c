"""What a shared library asks of the system that loads it, read from its ELF file.

The file is anybody's: nothing in it is believed. Every offset and count is checked against the
bytes that are there, every chain has an end, and all that can be wrong is one exception.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from struct import Struct
from struct import error as struct_error
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAGIC = b"\x7fELF"

# More than any real library has; what asks for more is damaged.
_MOST_SEGMENTS = 256
_MOST_DYNAMIC_ENTRIES = 4096
_MOST_VERSIONS = 4096
_LONGEST_NAME = 4096

# Source for all layouts and numbers: System V ABI, "Object Files" and "Dynamic Linking", and LSB
# Core, "Symbol Versioning". Both of Lambda's processors are 64 bits wide and little-endian.
_HEADER = Struct("<16xHHIQQQIHHHHHH")
_SEGMENT = Struct("<IIQQQQQQ")
_DYNAMIC = Struct("<qQ")
_NEED = Struct("<HHIII")
_NEED_VERSION = Struct("<IHHII")

_CLASS_64 = 2
_LITTLE_ENDIAN = 1
_SHARED_OBJECT = 3
_PT_LOAD, _PT_DYNAMIC = 1, 2
_DT_NULL, _DT_NEEDED, _DT_STRTAB, _DT_STRSZ = 0, 1, 5, 10
_DT_SONAME, _DT_RPATH, _DT_RUNPATH = 14, 15, 29
_DT_VERNEED, _DT_VERNEEDNUM = 0x6FFFFFFE, 0x6FFFFFFF

# Names of machines, as wheels spell them. Source: System V ABI, "ELF Header", e_machine.
_MACHINES = {3: "i686", 8: "mips", 20: "ppc", 21: "ppc64le", 22: "s390x", 40: "armv7l"} | {
    62: "x86_64",
    183: "aarch64",
    243: "riscv64",
    258: "loongarch64",
}


class NotElf(Exception):
    """The bytes are not an ELF file, or a damaged one."""


@dataclass(frozen=True, slots=True)
class Elf:
    """What one file says of itself.

    Attributes:
        machine: the processor, as wheels spell it.
        shared: whether it is a shared library, and not a program, an object file or a core.
        soname: what it is called by libraries that need it.
        needed: sonames of the libraries that it needs, in order.
        search: where they are looked for before the system's places: RUNPATH, or RPATH without it.
        inherited: whether *search* is an RPATH, which also holds for what the needed ones need.
        versions: for each needed library the symbol versions that are asked of it.
    """

    machine: str
    shared: bool = True
    soname: str = ""
    needed: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    inherited: bool = False
    versions: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])


def read_elf(data: bytes) -> Elf:
    """Return what the ELF file *data* asks for.

    A file of another width or byte order is read as far as its machine, which is already wrong.

    Raises:
        NotElf: it is not one, or what it says does not hold together.
    """
    if data[:4] != MAGIC or len(data) < 20:
        raise NotElf("no ELF header")
    wide, little = data[4] == _CLASS_64, data[5] == _LITTLE_ENDIAN
    number = int.from_bytes(data[18:20], "little" if little else "big")
    machine = _MACHINES.get(number, f"machine {number}")
    if not (wide and little):
        bits = "" if wide else ", 32 bits"
        order = "" if little else ", big-endian"
        return Elf(f"{machine}{bits}{order}")
    try:
        return _File(data).elf(machine)
    except (struct_error, OverflowError) as error:
        raise NotElf("a table ends outside the file") from error


class _File:
    """A file whose segments are known."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._type, _, _, _, offset, _, _, _, size, count, *_ = _HEADER.unpack_from(data, 0)
        if count > _MOST_SEGMENTS or (count and size != _SEGMENT.size):
            raise NotElf("the table of segments is not one")
        self._segments = [_SEGMENT.unpack_from(data, offset + i * size) for i in range(count)]
        self._names: tuple[int, int] = (0, 0)

    def elf(self, machine: str) -> Elf:
        entries = list(self._dynamic())
        first: dict[int, int] = {}
        for tag, value in entries:
            first.setdefault(tag, value)
        shared = self._type == _SHARED_OBJECT
        if _DT_STRTAB not in first:
            return Elf(machine, shared=shared)
        start = self._offset(first[_DT_STRTAB])
        self._names = (start, min(len(self._data), start + first.get(_DT_STRSZ, 0)))
        run_path = _DT_RUNPATH in first
        search = first.get(_DT_RUNPATH, first.get(_DT_RPATH))
        return Elf(
            machine,
            shared,
            self._name(first[_DT_SONAME]) if _DT_SONAME in first else "",
            tuple(self._name(value) for tag, value in entries if tag == _DT_NEEDED),
            () if search is None else tuple(filter(None, self._name(search).split(":"))),
            not run_path and search is not None,
            self._versions(first),
        )

    def _dynamic(self) -> Iterator[tuple[int, int]]:
        """Yield the entries of the dynamic table."""
        for kind, _, offset, _, _, size, *_ in self._segments:
            if kind != _PT_DYNAMIC:
                continue
            for index in range(min(size // _DYNAMIC.size, _MOST_DYNAMIC_ENTRIES)):
                tag, value = _DYNAMIC.unpack_from(self._data, offset + index * _DYNAMIC.size)
                if tag == _DT_NULL:
                    return
                yield tag, value
            return

    def _offset(self, address: int) -> int:
        """Return where in the file the byte is that is loaded at *address*."""
        for kind, _, offset, start, _, size, *_ in self._segments:
            if kind == _PT_LOAD and start <= address < start + size:
                found: int = offset + address - start
                if found < len(self._data):
                    return found
        raise NotElf("an address is in no segment")

    def _name(self, offset: int) -> str:
        """Return the name at *offset* of the table of names."""
        start, end = self._names
        start += offset
        if start >= end:
            raise NotElf("a name is outside the table of names")
        stop = self._data.find(b"\0", start, min(end, start + _LONGEST_NAME))
        if stop < 0:
            raise NotElf("a name has no end")
        return self._data[start:stop].decode("utf-8", "replace")

    def _versions(self, first: Mapping[int, int]) -> dict[str, tuple[str, ...]]:
        """Return the symbol versions that are asked of each needed library."""
        if _DT_VERNEED not in first:
            return {}
        found: dict[str, tuple[str, ...]] = {}
        left = _MOST_VERSIONS
        at = self._offset(first[_DT_VERNEED])
        for _ in range(min(first.get(_DT_VERNEEDNUM, 0), _MOST_VERSIONS)):
            _, count, file, auxiliary, following = _NEED.unpack_from(self._data, at)
            names: list[str] = []
            inner = at + auxiliary
            for _ in range(min(count, left)):
                *_, name, step = _NEED_VERSION.unpack_from(self._data, inner)
                names.append(self._name(name))
                if not step:
                    break
                inner += step
            left -= len(names)
            library = self._name(file)
            found[library] = (*found.get(library, ()), *names)
            if not following or left <= 0:
                break
            at += following
        return found
