"""What is kept between builds: files under a key that says all that they depend on.

The code that makes entries is a part of every key: what other code kept is not read, and nobody has
to think of it (`edition`). An entry carries the SHA-256 of its content: one that is damaged counts
as missing, and is made again. Several builds may write at once: each entry is written aside and
moved into place.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING

from chalice.bundle.edition import edition
from chalice.disk import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_DIGEST_BYTES = 32


class Store:
    """A folder of entries.

    Args:
        root: the folder; made when something is kept. Where it cannot be written nothing is kept,
            which costs time and nothing else.
        code: returns what stands for the code that makes entries.
    """

    def __init__(self, root: Path, *, code: Callable[[], str] = edition) -> None:
        self.root = root
        self._code = code

    def read(self, kind: str, key: str) -> bytes | None:
        """Return what is kept under *key*, or None where nothing whole is."""
        path = self._path(kind, key)
        try:
            # What is no file, a FIFO for one, is not waited for.
            content = path.read_bytes() if path.is_file() else b""
        except OSError:
            return None
        digest, data = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
        return data if hashlib.sha256(data).digest() == digest else None

    def write(self, kind: str, key: str, data: bytes) -> None:
        """Keep *data* under *key*, in the place of what is there."""
        with suppress(OSError):
            path = self._path(kind, key)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, hashlib.sha256(data).digest() + data, private=True)

    def _path(self, kind: str, key: str) -> Path:
        """Return the file of *key*; any text may be a key."""
        name = hashlib.sha256(f"{self._code()} {key}".encode()).hexdigest()
        return self.root / kind / name[:2] / name[2:]
