"""The project's own files made ready for an archive: compressed once, compiled once.

What comes out is kept by what went in: the content, and for bytecode also the name that tracebacks
show and the interpreter. A file is looked at when the project is collected and read again here; if
it is another one by then, nobody has looked at that one, and the command stops.
"""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from struct import Struct
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from chalice.bundle.archive import Content
from chalice.bundle.deflate import deflated, deflated_pieces
from chalice.bundle.project_files import read_pieces, unreadable
from chalice.bundle.wheel import DEFLATED, STORED
from chalice.diagnostics import InvalidApp, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import ExitStack
    from pathlib import Path

    from chalice.bundle.bytecode import Compiler
    from chalice.bundle.store import Store

# Changes with what is kept.
_VERSION = 1
_KIND = "own"
_HEAD = Struct("<B3I")

# Larger files are compressed into a file beside the archive, each time: they are few, and neither
# they nor what is kept of them is to fill the memory.
MAX_KEPT_BYTES = 32 * 1024 * 1024


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


def packed_all(
    files: Sequence[Own], store: Store, compiler: Compiler | None, scratch: ExitStack
) -> list[Packed]:
    """Return what ships of *files*, in their order.

    Args:
        files: the files.
        store: where what comes out is kept.
        compiler: compiles source code; None leaves bytecode out.
        scratch: closes the files that large ones are compressed into.

    Raises:
        InvalidApp: some cannot be read, or are others than when they were looked at.
    """
    results: dict[int, Packed] = {}
    problems: list[Problem] = []
    sources: list[tuple[int, str, bytes, Content]] = []
    for place, own in enumerate(files):
        compiled = compiler is not None and own.filename.endswith(".py")
        key = _key(own, compiler if compiled else None)
        kept = store.read(_KIND, key)
        if kept is not None:
            results[place] = _loaded(kept)
            continue
        try:
            if own.file.stat().st_size > MAX_KEPT_BYTES:
                results[place] = Packed(_streamed(own, scratch))
                continue
            source = own.file.read_bytes()
        except OSError as error:
            problems.append(unreadable(own.source, error))
            continue
        if hashlib.sha256(source).hexdigest() != own.sha256:
            problems.append(_changed(own))
        elif compiled:
            sources.append((place, key, source, packed(source)))
        else:
            results[place] = Packed(packed(source))
            store.write(_KIND, key, _dumped(results[place]))
    if problems:
        raise InvalidApp(problems)
    if compiler is not None and sources:
        results |= _compiled(files, sources, store, compiler)
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


def _compiled(
    files: Sequence[Own],
    sources: Iterable[tuple[int, str, bytes, Content]],
    store: Store,
    compiler: Compiler,
) -> dict[int, Packed]:
    waiting = list(sources)
    contents = compiler.compiled((files[place].filename, source) for place, _, source, _ in waiting)
    results: dict[int, Packed] = {}
    for (place, key, _, content), bytecode in zip(waiting, contents, strict=True):
        results[place] = Packed(content, None if bytecode is None else packed(bytecode))
        store.write(_KIND, key, _dumped(results[place]))
    return results


def _key(own: Own, compiler: Compiler | None) -> str:
    how = f"{compiler.interpreter.identity} {own.filename}" if compiler else "-"
    return f"{_VERSION} {how} {own.sha256}"


def _dumped(result: Packed) -> bytes:
    return b"".join(dumped(content) for content in result if content is not None)


def _loaded(data: bytes) -> Packed:
    view = memoryview(data)
    content, end = loaded(view, 0)
    return Packed(content, loaded(view, end)[0] if end < len(data) else None)


def _streamed(own: Own, scratch: ExitStack) -> Content:
    """Compress a large file into one that goes when *scratch* ends."""
    temporary = tempfile.TemporaryFile()  # noqa: SIM115 - stays open until *scratch* ends
    file = cast("BinaryIO", scratch.enter_context(temporary))
    digest = hashlib.sha256()
    sizes = [0, 0]

    def read() -> Iterator[bytes]:
        for piece in read_pieces(own.file):
            digest.update(piece)
            sizes[0] += len(piece)
            sizes[1] = zlib.crc32(piece, sizes[1])
            yield piece

    for piece in deflated_pieces(read()):
        file.write(piece)
    if digest.hexdigest() != own.sha256:
        raise InvalidApp([_changed(own)])
    size, crc = sizes
    return Content(DEFLATED, crc, size, file.tell(), b"", file)


def _changed(own: Own) -> Problem:
    return Problem(
        "file-changed",
        f"`{own.source}` changed while it was being packaged",
        own.source,
        "run the command again when nothing writes to it",
    )
