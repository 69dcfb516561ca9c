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
