"""Files of the user's disk: written whole or not at all, and where caches are."""

from __future__ import annotations

import os
import stat
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


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


def write_output(path: Path, data: bytes) -> None:
    """Write *data* to where *path* leads.

    A file is written whole, in the place of what was there; a link stays one; a device, a FIFO or
    the end of a pipe (`/dev/stdout`) is written into.

    Raises:
        OSError: it cannot be written.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG
    if stat.S_ISREG(mode):
        write_whole(path.resolve(), data, private=False)
        return
    with path.open("wb") as file:
        file.write(data)


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
