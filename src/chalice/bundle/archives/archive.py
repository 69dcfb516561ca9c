"""The writer of the archive: what goes in decides each byte.

Entries stand in the order of their paths, with one time, one of two modes, and nothing else that a
zip could say. Their data comes compressed: out of a wheel as it is there, or from `packing`.
"""

from __future__ import annotations

import hashlib
from struct import Struct
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from chalice.bundle.archives.entries import raw
from chalice.diagnostics import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

# Source: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
_LOCAL = Struct("<4s5H3L2H")
_CENTRAL = Struct("<4s6H3L5H2L")
_END = Struct("<4s4H2LH")

_VERSION = 20  # what unpacks deflated data
_MADE_ON_UNIX = 3 << 8 | _VERSION
_UTF_8 = 1 << 11
# The first time that the format knows: 1980-01-01 00:00:00.
_TIME = 0
_DATE = 1 << 5 | 1

# What Lambda runs as has to read every file. Source: Lambda developer guide, "Working with .zip
# file archives for Python", "Troubleshooting": 644 for files, 755 for folders and programs.
_FILE_MODE = 0o100644 << 16
_PROGRAM_MODE = 0o100755 << 16

# Beyond these the format needs fields that not every reader knows; Lambda takes far less.
MAX_ENTRIES = 0xFFFF
MAX_BYTES = 0xFFFFFFFF

_BUFFER_BYTES = 1 << 20


class Content(NamedTuple):
    """What is in one file, as it stands in an archive.

    Attributes:
        method: `STORED` or `DEFLATED`, of `entries`.
        crc: of what it unpacks to.
        size: of what it unpacks to.
        compressed: bytes of the data.
        data: the data, unless it is in *file*.
        file: what it is copied from, from *start* on.
        start: where the data begins in *file*.
    """

    method: int
    crc: int
    size: int
    compressed: int
    data: bytes = b""
    file: BinaryIO | None = None
    start: int = 0

    def pieces(self) -> Iterator[bytes]:
        """Yield the data, in pieces that fit into memory."""
        if self.file is None:
            yield self.data
        else:
            yield from raw(self.file, self.start, self.compressed)


class Member(NamedTuple):
    """One file of an archive."""

    path: str
    content: Content
    executable: bool = False


class Written(NamedTuple):
    """An archive that has been written: its hash, hexadecimal, and its bytes."""

    sha256: str
    size: int


def write(path: Path, members: Sequence[Member]) -> Written:
    """Write an archive to *path*.

    Args:
        path: where; whoever made its folder removes what is there of it after an error.
        members: its files in any order, each path once.

    Raises:
        ToolError: it cannot be written, or is larger than a zip may be.
    """
    try:
        # Not a temporary file's 0600: the archive is as readable as the user's other files.
        with path.open("wb", buffering=0) as file:
            out = _Output(file)
            _write(out, sorted(members, key=lambda member: member.path.encode()))
            out.flush()
    except OSError as error:
        raise unwritable(path, error) from error
    return Written(out.digest.hexdigest(), out.size)


def unwritable(path: Path, error: OSError) -> ToolError:
    """Return the message for an archive that cannot be written."""
    why = error.strerror or error
    hint = "free some space, or name a folder that can be written"
    return ToolError(f"Cannot write `{path}`: {why}; {hint}")


class _Output:
    """A file that is written in large pieces, hashed and counted."""

    def __init__(self, file: BinaryIO) -> None:
        self.digest = hashlib.sha256()
        self.size = 0
        self._file = file
        self._buffer = bytearray()

    def write(self, data: bytes) -> None:
        self.size += len(data)
        self._buffer += data
        if len(self._buffer) >= _BUFFER_BYTES:
            self.flush()

    def flush(self) -> None:
        self.digest.update(self._buffer)
        view = memoryview(self._buffer)
        done = 0
        while done < len(view):
            # A file that is nearly full takes a part, and refuses the rest.
            done += self._file.write(view[done:])
        view.release()
        self._buffer.clear()


def _write(out: _Output, members: Sequence[Member]) -> None:
    if len(members) > MAX_ENTRIES:
        raise ToolError(f"The package has {len(members)} files; a zip holds {MAX_ENTRIES}")
    directory: list[bytes] = []
    for member in members:
        name = member.path.encode()
        common = _common(member.content, name)
        mode = _PROGRAM_MODE if member.executable else _FILE_MODE
        directory += (
            _CENTRAL.pack(b"PK\1\2", _MADE_ON_UNIX, *common, 0, 0, 0, 0, mode, _fitting(out.size)),
            name,
        )
        out.write(_LOCAL.pack(b"PK\3\4", *common, 0))
        out.write(name)
        for piece in member.content.pieces():
            out.write(piece)
    start = _fitting(out.size)
    listed = b"".join(directory)
    out.write(listed)
    count = len(members)
    out.write(_END.pack(b"PK\5\6", 0, 0, count, count, _fitting(len(listed)), start, 0))


def _common(content: Content, name: bytes) -> tuple[int, ...]:
    """Return the fields that stand both before an entry and in the directory."""
    flags = 0 if name.isascii() else _UTF_8
    sizes = (_fitting(content.compressed), _fitting(content.size))
    return (_VERSION, flags, content.method, _TIME, _DATE, content.crc, *sizes, len(name))


def _fitting(size: int) -> int:
    if size > MAX_BYTES:
        raise ToolError("The package is larger than 4 GB, more than a zip holds and Lambda takes")
    return size
