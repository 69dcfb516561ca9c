"""Folders that functions wrote into."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path


def remove(folder: Path) -> None:
    """Remove *folder* although a function may have made parts of it read-only."""
    for directory, _, _ in os.walk(folder):
        with suppress(OSError):
            Path(directory).chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


def open_to_all(folder: Path) -> None:
    """Let everybody read what is in *folder*, as far as its owner does."""
    for directory, _, names in os.walk(folder):
        for path in (Path(directory), *(Path(directory, name) for name in names)):
            with suppress(OSError):
                mode = path.lstat().st_mode
                wanted = mode | (mode & 0o500) >> 3 | (mode & 0o500) >> 6
                if wanted != mode and not path.is_symlink():
                    path.chmod(wanted)
