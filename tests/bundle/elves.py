"""Shared libraries for tests: an ELF file by hand, with nothing in it but what the loader reads."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

X86_64, AARCH64, I386 = 62, 183, 3

BASE = 0x200000
"""Where the file is loaded: addresses are not offsets."""


def make_elf(
    *,
    machine: int = X86_64,
    needed: Iterable[str] = ("libc.so.6",),
    versions: Mapping[str, Iterable[str]] | None = None,
    soname: str = "",
    rpath: str = "",
    runpath: str = "",
    kind: int = 3,
) -> bytes:
    """Return a shared library that asks for these libraries and these versions of their symbols."""
    names = bytearray(b"\0")
    versions = {} if versions is None else versions

    def name(text: str) -> int:
        at = len(names)
        names.extend(text.encode() + b"\0")
        return at

    entries = [(1, name(library)) for library in needed]
    entries += [(14, name(soname))] if soname else []
    entries += [(15, name(rpath))] if rpath else []
    entries += [(29, name(runpath))] if runpath else []
    table = _version_table({name(lib): [name(v) for v in asked] for lib, asked in versions.items()})
    start = 64 + 2 * 56
    names_at, table_at = start, start + len(names)
    dynamic_at = table_at + len(table)
    entries += [(5, BASE + names_at), (10, len(names))]
    entries += [(0x6FFFFFFE, BASE + table_at), (0x6FFFFFFF, len(versions))] if versions else []
    dynamic = b"".join(struct.pack("<qQ", *entry) for entry in [*entries, (0, 0)])
    size = dynamic_at + len(dynamic)
    header = b"\x7fELF\x02\x01\x01" + b"\0" * 9
    header += struct.pack("<HHIQQQIHHHHHH", kind, machine, 1, 0, 64, 0, 0, 64, 56, 2, 0, 0, 0)
    load = struct.pack("<IIQQQQQQ", 1, 5, 0, BASE, BASE, size, size, 0x1000)
    at = BASE + dynamic_at
    segment = struct.pack("<IIQQQQQQ", 2, 6, dynamic_at, at, at, len(dynamic), len(dynamic), 8)
    return header + load + segment + bytes(names) + table + dynamic


def _version_table(versions: Mapping[int, list[int]]) -> bytes:
    rows = list(versions.items())
    table = b""
    for index, (library, names) in enumerate(rows):
        last = index == len(rows) - 1
        following = 0 if last else 16 + 16 * len(names)
        table += struct.pack("<HHIII", 1, len(names), library, 16, following)
        for place, name in enumerate(names):
            step = 0 if place == len(names) - 1 else 16
            table += struct.pack("<IHHII", 0, 0, place + 2, name, step)
    return table
