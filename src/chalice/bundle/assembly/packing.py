"""The project's own files made ready for an archive: compressed once, compiled once.

What comes out is kept by what went in: the content, and for bytecode also the name that tracebacks
show and the interpreter. A file is looked at when the project is collected and read again here; if
it is another one by then, nobody has looked at that one, and the command stops.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zlib
from pathlib import Path
from struct import Struct
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from chalice.bundle.archives.archive import Content, unwritable
from chalice.bundle.archives.deflate import deflated, deflated_pieces
from chalice.bundle.archives.entries import DEFLATED, STORED
from chalice.bundle.files.project_files import read_pieces, unreadable
from chalice.diagnostics import InvalidApp, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import TracebackType
    from typing import Self

    from chalice.bundle.assembly.bytecode import Compiler
    from chalice.bundle.parts import Progress
    from chalice.bundle.store import Store

_KIND = "own"
_HEAD = Struct("<B3I")

# Larger files are compressed piece by piece, each time: they are few, and neither they nor what is
# kept of them is to fill the memory.
MAX_KEPT_BYTES = 32 * 1024 * 1024

# What is longer waits on disk for the archive to be written.
_SPILLED_BYTES = 1 << 20


class Own(NamedTuple):
    """One file that is not a requirement's.

    Attributes:
        file: where it is.
        source: what the user knows it as.
        sha256: what was looked at.
        filename: what it is called on Lambda, and in tracebacks.
    """

    file: Path
    source: str
    sha256: str
    filename: str


class Packed(NamedTuple):
    """What ships of a file: its content and its bytecode, if it has any."""

    content: Content
    bytecode: Content | None = None


class Scratch:
    """A file without a name for what is too long to wait in memory; it goes with the block.

    Use it in a `with` statement.
    """

    def __init__(self) -> None:
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def spilled(self, content: Content) -> Content:
        """Return *content* with its data on disk, if that is long."""
        if len(content.data) < _SPILLED_BYTES:
            return content
        file, start = self.add([content.data])
        return content._replace(data=b"", file=file, start=start)

    def add(self, pieces: Iterable[bytes]) -> tuple[BinaryIO, int]:
        """Write *pieces* at the end, and return the file and where they begin.

        Raises:
            ToolError: there is no room.
        """
        if self._file is None:
            opened = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the block
            self._file = cast("BinaryIO", opened)
        start = self._file.seek(0, os.SEEK_END)
        for piece in pieces:
            try:
                self._file.write(piece)
            except OSError as error:
                raise unwritable(Path(tempfile.gettempdir()), error) from error
        return self._file, start


def packed_all(
    files: Sequence[Own],
    store: Store,
    compiler: Compiler | None,
    scratch: Scratch,
    progress: Progress,
) -> list[Packed]:
    """Return what ships of *files*, in their order.

    Args:
        files: the files.
        store: where what comes out is kept.
        compiler: compiles source code; None leaves bytecode out.
        scratch: takes what is long.
        progress: is told of what is compiled.

    Raises:
        InvalidApp: some cannot be read, or are others than when they were looked at.
    """
    results: dict[int, Packed] = {}
    problems: list[Problem] = []
    sources: list[_Source] = []
    for place, own in enumerate(files):
        compiled = compiler is not None and own.filename.endswith(".py")
        key = _key(own, compiler if compiled else None)
        kept = store.read(_KIND, key)
        if kept is not None:
            results[place] = _loaded(kept, scratch)
            continue
        try:
            found = _read(own, scratch)
        except OSError as error:
            problems.append(unreadable(own.source, error))
            continue
        if found is None:
            problems.append(_changed(own))
        elif isinstance(found, Content):
            results[place] = Packed(found)
        elif compiled:
            sources.append(_Source(place, key, own.filename, found))
        else:
            results[place] = Packed(scratch.spilled(_kept(store, key, packed(found))))
    if problems:
        raise InvalidApp(problems)
    if compiler is not None and sources:
        progress("Compiling the project", 0, len(sources))
        results |= _compiled(sources, store, compiler)
    return [results[place] for place in range(len(files))]


def packed(data: bytes) -> Content:
    """Return *data* as it stands in an archive: compressed, unless that makes it larger."""
    crc = zlib.crc32(data)
    shorter = deflated(data)
    if len(shorter) < len(data):
        return Content(DEFLATED, crc, len(data), len(shorter), shorter)
    return Content(STORED, crc, len(data), len(data), data)


def dumped(content: Content) -> bytes:
    """Return *content* as bytes; `loaded` reads them."""
    return _HEAD.pack(*content[:4]) + content.data


def loaded(data: memoryview, start: int) -> tuple[Content, int]:
    """Return the content that begins at *start* of *data*, and where it ends."""
    method, crc, size, compressed = _HEAD.unpack_from(data, start)
    end = start + _HEAD.size + compressed
    body = bytes(data[start + _HEAD.size : end])
    return Content(method, crc, size, compressed, body), end


class _Source(NamedTuple):
    """Source code that is to be compiled."""

    place: int
    key: str
    filename: str
    data: bytes


def _compiled(sources: Sequence[_Source], store: Store, compiler: Compiler) -> dict[int, Packed]:
    contents = compiler.compiled((one.filename, one.data) for one in sources)
    results: dict[int, Packed] = {}
    for one, data in zip(sources, contents, strict=True):
        bytecode = None if data is None else packed(data)
        result = results[one.place] = Packed(packed(one.data), bytecode)
        store.write(_KIND, one.key, b"".join(dumped(part) for part in result if part is not None))
    return results


def _read(own: Own, scratch: Scratch) -> bytes | Content | None:
    """Return a file's data, or what it is in an archive if it is large; None if it has changed.

    Raises:
        OSError: it cannot be read.
    """
    if own.file.stat().st_size <= MAX_KEPT_BYTES:
        data = own.file.read_bytes()
        return data if hashlib.sha256(data).hexdigest() == own.sha256 else None
    digest = hashlib.sha256()
    size = crc = 0

    def looked_at() -> Iterator[bytes]:
        nonlocal size, crc
        for piece in read_pieces(own.file):
            digest.update(piece)
            size += len(piece)
            crc = zlib.crc32(piece, crc)
            yield piece

    file, start = scratch.add(deflated_pieces(looked_at()))
    compressed = file.tell() - start
    if digest.hexdigest() != own.sha256:
        return None
    return Content(DEFLATED, crc, size, compressed, b"", file, start)


def _kept(store: Store, key: str, content: Content) -> Content:
    store.write(_KIND, key, dumped(content))
    return content


def _key(own: Own, compiler: Compiler | None) -> str:
    how = f"{compiler.interpreter.identity} {own.filename}" if compiler else "-"
    return f"{how} {own.sha256}"


def _loaded(data: bytes, scratch: Scratch) -> Packed:
    view = memoryview(data)
    content, end = loaded(view, 0)
    bytecode = loaded(view, end)[0] if end < len(data) else None
    return Packed(scratch.spilled(content), bytecode)


def _changed(own: Own) -> Problem:
    return Problem(
        "file-changed",
        f"`{own.source}` changed while it was being packaged",
        own.source,
        "run the command again when nothing writes to it",
    )
