"""What is kept between builds: files under a key that says all that they depend on.

The code that makes entries is a part of every key: what other code kept is not read, and nobody has
to think of it (`edition`). An entry carries the SHA-256 of its content: one that is damaged counts
as missing, and is made again. Several builds may write at once: each entry is written aside and
moved into place.
"""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from chalice.bundle.edition import edition

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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


def write_whole(path: Path, data: bytes, *, private: bool) -> None:
    """Write *data* to *path* so that nobody ever sees a part of it.

    Args:
        path: the file, in a folder that is there.
        data: what it is to hold.
        private: whether it is for this user only; else it has the rights of the user's files.

    Raises:
        OSError: it cannot be written; what was there before still is.
    """
    aside = path.with_name(f".part-{os.urandom(8).hex()}")
    mode = 0o600 if private else 0o666
    try:
        with open(aside, "xb", opener=partial(os.open, mode=mode)) as file:
            file.write(data)
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def cache_folder(environ: Mapping[str, str]) -> Path:
    """Return where this user's caches of Chalice are.

    CHALICE_CACHE_DIR says so itself; else it is the system's place for caches.
    """
    if chosen := environ.get("CHALICE_CACHE_DIR"):
        return Path(chosen)
    if sys.platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or Path.home()) / "chalice" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "chalice"
    # Source: XDG Base Directory Specification, "XDG_CACHE_HOME".
    return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "chalice"
