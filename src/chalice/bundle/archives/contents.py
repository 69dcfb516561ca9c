"""What is in a zip that has been written, read where it lies.

`zipfile` does the same and costs more to import than a whole warm inspection: this reads what
`archive` writes and what wheels are, and leaves everything rarer to it.
"""

from __future__ import annotations

import zlib
from struct import Struct
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from pathlib import Path

# Source for the layouts: PKWARE's APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
_END = Struct("<4s4H2LH")
_ENTRY = Struct("<4s6H3L5H2L")
_LOCAL = Struct("<4s5H3L2H")
_END_MARK, _ENTRY_MARK, _LOCAL_MARK = b"PK\5\6", b"PK\1\2", b"PK\3\4"
_LONGEST_COMMENT = 0xFFFF
_IN_ZIP64 = (0xFFFF, 0xFFFFFFFF)
_STORED, _DEFLATED = 0, 8


class Damaged(Exception):
    """The zip, or an entry of it, cannot be read."""


class Contents:
    """The entries of one zip, by their paths."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        try:
            self._entries = self._directory()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()

    def read(self, path: str) -> bytes:
        """Return what *path* holds.

        Raises:
            Damaged: there is no such entry, or it is not what the zip says that it is.
        """
        return self._inflated(path, *self._raw(path))

    def stored(self, path: str) -> bytes:
        """Return the bytes of *path* as they are in the zip.

        Raises:
            Damaged: there is no such entry, or it is not what the zip says that it is.
        """
        return self._raw(path)[0]

    def _raw(self, path: str) -> tuple[bytes, int, int, int]:
        if path not in self._entries:
            raise Damaged(f"`{path}` is not in it")
        method, check, compressed, size, offset = self._entries[path]
        self._file.seek(offset)
        header = self._file.read(_LOCAL.size)
        if len(header) < _LOCAL.size or header[:4] != _LOCAL_MARK:
            raise Damaged(f"`{path}` is not where it should be")
        *_, name, extra = _LOCAL.unpack(header)
        self._file.seek(name + extra, 1)
        data = self._file.read(compressed)
        if len(data) < compressed:
            raise Damaged(f"`{path}` is cut off")
        return data, method, check, size

    @staticmethod
    def _inflated(path: str, data: bytes, method: int, check: int, size: int) -> bytes:
        if method == _DEFLATED:
            inflate = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                data = inflate.decompress(data, size + 1)
            except zlib.error as error:
                raise Damaged(f"`{path}` cannot be unpacked") from error
        elif method != _STORED:
            raise Damaged(f"`{path}` is packed in a way that Python does not import")
        if len(data) != size or zlib.crc32(data) != check:
            raise Damaged(f"`{path}` is damaged")
        return data

    def _directory(self) -> dict[str, tuple[int, int, int, int, int]]:
        self._file.seek(0, 2)
        length = self._file.tell()
        start = max(0, length - _END.size - _LONGEST_COMMENT)
        self._file.seek(start)
        tail = self._file.read()
        *_, count, size, offset, _ = _end(tail)
        if count in _IN_ZIP64 or offset in _IN_ZIP64:
            return self._large()
        self._file.seek(offset)
        table = self._file.read(size)
        return dict(_rows(table, count))

    def _large(self) -> dict[str, tuple[int, int, int, int, int]]:
        """Return the directory of a zip with more entries or bytes than the plain format holds."""
        import zipfile  # noqa: PLC0415 - only the largest archives pay for it

        try:
            with zipfile.ZipFile(self._file) as opened:
                return {
                    info.filename: (
                        info.compress_type,
                        info.CRC,
                        info.compress_size,
                        info.file_size,
                        info.header_offset,
                    )
                    for info in opened.infolist()
                }
        except (zipfile.BadZipFile, ValueError) as error:
            raise Damaged("its directory cannot be read") from error


def _end(tail: bytes) -> tuple[Any, ...]:
    """Return the last record of a zip: the mark whose comment ends where the file does."""
    at = tail.rfind(_END_MARK)
    while at >= 0:
        if at + _END.size <= len(tail):
            record = _END.unpack_from(tail, at)
            if at + _END.size + record[-1] == len(tail):
                return record
        at = tail.rfind(_END_MARK, 0, at)
    raise Damaged("it is not a zip")


def _rows(table: bytes, count: int) -> list[tuple[str, tuple[int, int, int, int, int]]]:
    rows: list[tuple[str, tuple[int, int, int, int, int]]] = []
    at = 0
    for _ in range(count):
        if at + _ENTRY.size > len(table) or table[at : at + 4] != _ENTRY_MARK:
            raise Damaged("its directory cannot be read")
        (_, _, _, flags, method, _, _, check, compressed, size, name, extra, comment, *rest) = (
            _ENTRY.unpack_from(table, at)
        )
        start = at + _ENTRY.size
        # Bit 11: the name is UTF-8; without it, code page 437, whose lower half is ASCII.
        raw = table[start : start + name]
        path = raw.decode("utf-8" if flags & 0x800 or raw.isascii() else "cp437", "replace")
        rows.append((path, (method, check, compressed, size, rest[-1])))
        at = start + name + extra + comment
    return rows
