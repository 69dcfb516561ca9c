"""Folders that do not last: of packages, and those that functions wrote into."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

# Locked by whoever the folder belongs to, as long as that lives.
_OWNER = ".owner"


class OwnFolder:
    """A folder of this process among the system's temporary ones.

    Those of processes that were killed before they could remove theirs are removed first.

    Args:
        prefix: what its name begins with.
    """

    def __init__(self, prefix: str) -> None:
        for path in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
            _remove_if_left(path)
        self.path = Path(tempfile.mkdtemp(prefix=prefix))
        draft = self.path / f"{_OWNER}-draft"
        self._owner = os.open(draft, os.O_CREAT | os.O_RDWR, 0o600)
        if sys.platform != "win32":
            fcntl.flock(self._owner, fcntl.LOCK_EX)
            draft.rename(self.path / _OWNER)  # nobody sees it before it is locked

    def remove(self) -> None:
        """Remove it, unless that was done."""
        if self._owner >= 0:
            remove(self.path)
            os.close(self._owner)
            self._owner = -1


def _remove_if_left(folder: Path) -> None:
    """Remove *folder* where it is ours, and whoever made it has ended."""
    if sys.platform == "win32":
        return
    try:
        owner = os.open(folder / _OWNER, os.O_RDWR | os.O_NOFOLLOW)
    except OSError:  # somebody else's
        return
    try:
        fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(owner).st_uid == os.geteuid() == folder.lstat().st_uid:
            remove(folder)
    except OSError:  # it lives
        pass
    finally:
        os.close(owner)


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
