"""A zip, a wheel or an archive of ours, whose entries can be copied without being unpacked.

What is copied is never looked at again, so a zip is read once with suspicion: the central
directory and what stands before each entry have to agree, each entry has to unpack to the size and
the checksum it states, and no name may lead out of the folder that it is unpacked in. What the
format allows and nobody needs (encryption, other methods than deflate, links) is refused by name.
"""

from __future__ import annotations

import os
import re
import stat
import zlib
from struct import Struct
from typing import TYPE_CHECKING, BinaryIO, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# Source: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12, 4.3.16 and 4.5.3.
_LOCAL = Struct("<4s5H3L2H")
_CENTRAL = Struct("<4s6H3L5H2L")
_END = Struct("<4s4H2LH")
_LOCAL_SIGNATURE = b"PK\x03\x04"
_CENTRAL_SIGNATURE = b"PK\x01\x02"
_END_SIGNATURE = b"PK\x05\x06"
_ZIP64_LOCATOR_BYTES = 20
_ZIP64_EXTRA = 1
_LONGEST_COMMENT = 0xFFFF
_IN_ZIP64 = 0xFFFFFFFF
_UTF_8 = 1 << 11
_ENCRYPTED = 1 << 0 | 1 << 6 | 1 << 13

STORED = 0
DEFLATED = 8
_METHODS = {9: "deflate64", 12: "bzip2", 14: "lzma", 93: "zstandard", 95: "xz", 98: "ppmd"}

_PIECE_BYTES = 1 << 20
_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


Fault = Literal["damaged", "escapes", "unsupported"]


class BadArchive(Exception):
    """A zip cannot be copied from.

    Attributes:
        fault: what it is.
        why: what is wrong with it, a sentence that goes on after the name of the zip.
    """

    def __init__(self, fault: Fault, why: str) -> None:
        super().__init__(why)
        self.fault: Fault = fault
        self.why = why


class Entry(NamedTuple):
    """One file of a zip.

    Attributes:
        name: its path in the zip.
        start: where its data begins in the file.
        compressed: bytes of its data.
        size: bytes when unpacked.
        crc: the checksum of what is unpacked.
        method: `STORED` or `DEFLATED`.
        executable: whether its mode says so.
    """

    name: str
    start: int
    compressed: int
    size: int
    crc: int
    method: int
    executable: bool


def read_entries(file: BinaryIO) -> list[Entry]:
    """Return the files of a zip in the order of their names.

    The entries are as they are described; `content` shows whether they are so.

    Raises:
        BadArchive: it is no whole zip, or one of which no file may be copied.
    """
    entries, ends = listed(file)
    files = [entry for entry in entries if not entry.name.endswith("/")]
    _check_names([entry.name for entry in files])
    return sorted(located(file, files, ends))


def listed(file: BinaryIO) -> tuple[list[Entry], int]:
    """Return what a zip lists, folders included, and where its list begins.

    The entries start where what precedes their data does: `located` says where that is.

    Raises:
        BadArchive: it is no whole zip, or lists what no file can be copied from.
    """
    count, directory, ends = _end(file)
    records = _Records(directory)
    entries = [records.take() for _ in range(count)]
    if not records.done:
        raise BadArchive("damaged", "lists other files than it says")
    return entries, ends


def content(file: BinaryIO, entry: Entry) -> bytes:
    """Return what *entry* unpacks to.

    Raises:
        BadArchive: that is not what the zip says of it.
    """
    return b"".join(unpacked(file, entry))


def unpacked(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """Yield what *entry* unpacks to, in pieces that fit into memory.

    Raises:
        BadArchive: that is not what the zip says of it; known after the last piece.
    """
    size = crc = 0
    try:
        for piece in _inflated(file, entry):
            size += len(piece)
            crc = zlib.crc32(piece, crc)
            if size > entry.size:
                break
            yield piece
    except zlib.error as error:
        raise _damaged(entry) from error
    if (size, crc) != (entry.size, entry.crc):
        raise _damaged(entry)


def raw(file: BinaryIO, start: int, size: int) -> Iterator[bytes]:
    """Yield *size* bytes of *file* from *start* on, in pieces that fit into memory."""
    file.seek(start)
    while size:
        piece = file.read(min(size, _PIECE_BYTES))
        if not piece:
            raise BadArchive("damaged", "ends too early")
        size -= len(piece)
        yield piece


def _inflated(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    if entry.method == STORED:
        yield from raw(file, entry.start, entry.compressed)
        return
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in raw(file, entry.start, entry.compressed):
        if inflate.eof:
            raise _damaged(entry)
        data = piece
        while data:
            yield inflate.decompress(data, _PIECE_BYTES)
            data = inflate.unconsumed_tail
    yield inflate.flush()
    if not inflate.eof or inflate.unused_data:
        raise _damaged(entry)


def _damaged(entry: Entry) -> BadArchive:
    return BadArchive("damaged", f"is damaged: `{entry.name}` is not what it says")


def _end(file: BinaryIO) -> tuple[int, bytes, int]:
    """Return how many entries there are, the central directory, and where it begins."""
    total = file.seek(0, os.SEEK_END)
    start = max(0, total - _END.size - _LONGEST_COMMENT)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(_END_SIGNATURE)
    if at < 0 or len(tail) - at < _END.size:
        raise BadArchive("damaged", "is no whole archive: its end is missing")
    _, disk, first, here, count, size, offset, comment = _END.unpack_from(tail, at)
    if at + _END.size + comment != len(tail) or disk or first or here != count:
        raise BadArchive("damaged", "is no whole archive: its end is damaged")
    gap = start + at - (offset + size)
    # A larger format of the end may stand between; what it says is what the plain one says.
    if offset == _IN_ZIP64 or gap < 0 or 0 < gap < _ZIP64_LOCATOR_BYTES:
        raise BadArchive("damaged", "is no whole archive: its list of files is not where it is")
    file.seek(offset)
    return count, file.read(size), offset


class _Records:
    """The central directory, record by record; starts are those of what precedes the data."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def done(self) -> bool:
        """Whether all of it was taken."""
        return self._at == len(self._data)

    def take(self) -> Entry:
        """Return the next entry."""
        if self._at + _CENTRAL.size > len(self._data):
            raise BadArchive("damaged", "is damaged: its list of files ends too early")
        fields = _CENTRAL.unpack_from(self._data, self._at)
        signature, _, _, flags, method, _, _, crc, compressed, size = fields[:10]
        name_size, extra_size, comment_size, _, _, attributes, offset = fields[10:]
        start = self._at + _CENTRAL.size
        self._at = start + name_size + extra_size + comment_size
        if signature != _CENTRAL_SIGNATURE or self._at > len(self._data):
            raise BadArchive("damaged", "is damaged: its list of files is broken")
        name = decoded(self._data[start : start + name_size], flags)
        extra = self._data[start + name_size : start + name_size + extra_size]
        size, compressed, offset = _widened((size, compressed, offset), extra)
        _check_kind(name, flags, method, attributes >> 16)
        executable = bool(attributes >> 16 & 0o111)
        return Entry(name, offset, compressed, size, crc, method, executable)


def _widened(sizes: tuple[int, int, int], extra: bytes) -> tuple[int, ...]:
    """Return *sizes* with those that did not fit taken from the extra field of ZIP64."""
    missing = [place for place, size in enumerate(sizes) if size == _IN_ZIP64]
    while missing and len(extra) >= 4:
        kind, length = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        if kind == _ZIP64_EXTRA and length >= 8 * len(missing) and len(extra) >= 4 + length:
            wide = iter(range(4, 4 + length, 8))
            return tuple(
                int.from_bytes(extra[(at := next(wide)) : at + 8], "little")
                if place in missing
                else size
                for place, size in enumerate(sizes)
            )
        extra = extra[4 + length :]
    return sizes


def _check_kind(name: str, flags: int, method: int, mode: int) -> None:
    """Refuse an entry that cannot be copied as it is.

    Raises:
        BadArchive: what it is instead.
    """
    if flags & _ENCRYPTED:
        raise BadArchive("unsupported", f"holds `{name}` encrypted")
    if method not in {STORED, DEFLATED}:
        called = _METHODS.get(method, f"method {method}")
        raise BadArchive("unsupported", f"holds `{name}` compressed with {called}")
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        kind = "a link" if stat.S_ISLNK(mode) else "no regular file"
        raise BadArchive("unsupported", f"holds `{name}`, which is {kind}")


def decoded(name: bytes, flags: int) -> str:
    """Return the name of an entry.

    Raises:
        BadArchive: it leads out of the folder that it is unpacked in, or is none on Linux.
    """
    try:
        text = name.decode("utf-8" if flags & _UTF_8 or name.isascii() else "cp437")
    except UnicodeDecodeError as error:
        raise BadArchive("damaged", f"holds a name that is not UTF-8: {name!r}") from error
    parts = text.removesuffix("/").split("/")
    outside = any(part in {"", ".", ".."} for part in parts)
    if outside or "\\" in text or _DRIVE.match(text) or _CONTROL.search(text):
        why = f"holds `{text}`, a name that leads out of the folder it is unpacked in"
        raise BadArchive("escapes", why)
    return text


def _check_names(names: list[str]) -> None:
    """Refuse names that two files share, or a file and a folder.

    Raises:
        BadArchive: the first of them.
    """
    known: set[str] = set()
    for name in names:
        if name in known:
            raise BadArchive("damaged", f"holds `{name}` twice")
        known.add(name)
    for name in names:
        folder = name
        while folder := folder.rpartition("/")[0]:
            if folder in known:
                raise BadArchive("damaged", f"holds `{folder}` as a file and as a folder")


def located(file: BinaryIO, entries: list[Entry], ends: int) -> Iterator[Entry]:
    """Yield *entries* with where their data is; *ends* is where the last of it has to end.

    Raises:
        BadArchive: what stands before the data of one says something else than the list, or two
            share their data.
    """
    free = 0
    for entry in sorted(entries, key=lambda entry: entry.start):
        file.seek(entry.start)
        head = file.read(_LOCAL.size)
        if entry.start < free or len(head) < _LOCAL.size:
            raise _damaged(entry)
        signature, _, flags, method, _, _, _, _, _, name_size, extra_size = _LOCAL.unpack(head)
        start = entry.start + _LOCAL.size + name_size + extra_size
        free = start + entry.compressed
        if signature != _LOCAL_SIGNATURE or method != entry.method or free > ends:
            raise _damaged(entry)
        if decoded(file.read(name_size), flags) != entry.name:
            raise _damaged(entry)
        if method == STORED and entry.compressed != entry.size:
            raise _damaged(entry)
        yield entry._replace(start=start)
