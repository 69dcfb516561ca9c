"""The files of a requirement: which of a wheel's ship, where, and their bytecode.

All of it follows from the wheel's hash, so it is worked out once, when the wheel is also unpacked
in memory from end to end to see that it is whole. After that a build reads the list of what ships
and copies the data.
"""

from __future__ import annotations

import hashlib
import json
from struct import Struct
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from chalice.bundle.archives.entries import BadArchive, Entry, content, read_entries, unpacked
from chalice.bundle.assembly.packing import dumped, loaded, packed
from chalice.bundle.assembly.rules import LeftOutEntry, Placed, sort_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from io import FileIO

    from chalice.bundle.archives.archive import Content
    from chalice.bundle.assembly.bytecode import Compiler
    from chalice.bundle.parts import Distribution, Progress
    from chalice.bundle.store import Store

_PLANS = "wheel"
_BYTECODE = "bytecode"
_COUNT = Struct("<I")


class Plan(NamedTuple):
    """What ships of a wheel, and what does not."""

    ships: list[Placed]
    left_out: list[LeftOutEntry]


def check_hash(distribution: Distribution, file: FileIO) -> None:
    """See that *file* is the wheel that was resolved.

    Raises:
        BadArchive: it is another one.
    """
    if hashlib.file_digest(file, "sha256").hexdigest() != distribution.sha256:
        raise BadArchive("damaged", f"has not the hash `{distribution.sha256}`")


def plan(distribution: Distribution, file: BinaryIO, store: Store, *, prune: bool) -> Plan:
    """Return what ships of a wheel, whose hash has been checked.

    Raises:
        BadArchive: it cannot be copied from.
    """
    key = f"{distribution.sha256} {prune}"
    if kept := store.read(_PLANS, key):
        ships, left_out = json.loads(kept)
        return Plan(
            [Placed(path, Entry(*entry)) for path, entry in ships],
            [LeftOutEntry(*entry) for entry in left_out],
        )
    entries = read_entries(file)
    for entry in entries:
        for _ in unpacked(file, entry):
            pass
    made = Plan(*sort_out(entries, lambda entry: content(file, entry), prune=prune))
    store.write(_PLANS, key, json.dumps(made).encode())
    return made


def bytecode(
    distribution: Distribution,
    file: BinaryIO,
    ships: Sequence[Placed],
    store: Store,
    compiler: Compiler,
    root: str,
    progress: Progress,
) -> dict[str, Content]:
    """Return the bytecode of what *ships* of a wheel, by the path of the source.

    Args:
        distribution: the wheel.
        file: the wheel's file.
        ships: what ships of it.
        store: where what comes out is kept.
        compiler: compiles what is not kept.
        root: the folder on Lambda, `/var/task/`.
        progress: is told when something is compiled.
    """
    sources = [placed for placed in ships if placed.path.endswith(".py")]
    names = hashlib.sha256("\0".join(placed.path for placed in sources).encode()).hexdigest()
    key = f"{compiler.interpreter.identity} {root} {distribution.sha256} {names}"
    kept = store.read(_BYTECODE, key)
    if kept is not None:
        return _read(kept)
    progress(f"Compiling {distribution.origin}", 0, len(sources))
    made = compiler.compiled(
        (root + placed.path, content(file, placed.entry)) for placed in sources
    )
    results = {
        placed.path: packed(data)
        for placed, data in zip(sources, made, strict=True)
        if data is not None
    }
    store.write(_BYTECODE, key, b"".join(_written(results)))
    return results


def _written(results: dict[str, Content]) -> Iterator[bytes]:
    for path, one in results.items():
        name = path.encode()
        yield _COUNT.pack(len(name)) + name + dumped(one)


def _read(data: bytes) -> dict[str, Content]:
    view = memoryview(data)
    at = 0
    results: dict[str, Content] = {}
    while at < len(data):
        start = at + _COUNT.size
        end = start + _COUNT.unpack_from(data, at)[0]
        results[str(view[start:end], "utf-8")], at = loaded(view, end)
    return results
