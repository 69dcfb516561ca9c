"""Files that the user names for output: never a part of one, and never in the place of a device."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from chalice.bundle.store import write_whole

if TYPE_CHECKING:
    from pathlib import Path


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
