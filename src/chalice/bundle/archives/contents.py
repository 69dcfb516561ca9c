"""A zip of which only some entries are looked at: those that somebody asks for, when they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from chalice.bundle.archives.entries import BadArchive, Entry, content, listed, located, raw

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


class Contents:
    """The entries of one zip, by their paths.

    Raises:
        BadArchive: it is not a zip.
        OSError: it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        try:
            entries, self._ends = listed(self._file)
        except BaseException:
            self._file.close()
            raise
        self._entries = {entry.name: entry for entry in entries}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()

    @property
    def paths(self) -> Collection[str]:
        """The paths of all entries."""
        return self._entries.keys()

    def read(self, path: str) -> bytes:
        """Return what *path* holds.

        Raises:
            BadArchive: there is no such entry, or it is not what the zip says that it is.
        """
        return content(self._file, self._entry(path))

    def stored(self, path: str) -> bytes:
        """Return the bytes of *path* as they are in the zip.

        Raises:
            BadArchive: there is no such entry, or it is not where the zip says that it is.
        """
        entry = self._entry(path)
        return b"".join(raw(self._file, entry.start, entry.compressed))

    def _entry(self, path: str) -> Entry:
        if path not in self._entries:
            raise BadArchive("damaged", f"does not hold `{path}`")
        (entry,) = located(self._file, [self._entries[path]], self._ends)
        return entry
