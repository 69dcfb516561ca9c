"""The folder beside the archives' place in which they are written.

Whoever is killed leaves his behind. A lock that the system takes back with the process tells it
from one that another build writes into: the next build removes it.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from chalice.bundle.files.litter import ASIDE
from chalice.diagnostics import InvalidApp, ToolError

if TYPE_CHECKING:
    from collections.abc import Generator

_CLOSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_WRITABLE = "Make that folder writable, or run the command in a copy of the project that is"


@contextmanager
def aside(destination: Path) -> Generator[Path]:
    """Give a folder in *destination*; it goes, and with it folders made for nothing.

    Raises:
        ToolError: it cannot be made, or filled.
    """
    made: list[Path] = []
    done = False
    folder: Path | None = None
    with ExitStack() as held:
        try:
            for path in reversed([destination, *destination.parents]):
                if not path.exists():
                    path.mkdir()
                    made.append(path)
            with ExitStack() as others:
                # Nobody else begins or cleans up meanwhile.
                if _locked(destination, others, wait=True):
                    _clean(destination)
                folder = Path(tempfile.mkdtemp(prefix=ASIDE, dir=destination))
                _locked(folder, held, wait=False)
            yield folder
            done = True
        except InvalidApp:
            raise
        except ToolError as error:
            # Nobody knows the folder, and it is gone by now: the place is what somebody asked for.
            raise ToolError(str(error).replace(str(folder), str(destination))) from error
        except OSError as error:
            # Where something is moved its place is the second name.
            where = Path(error.filename2 or error.filename or destination)
            where = where.parent if where.name.startswith(ASIDE) else where
            hint = f". {_WRITABLE}" if error.errno in _CLOSED else ""
            raise ToolError(
                f"Cannot write the package: `{where}`: {error.strerror or error}{hint}"
            ) from error
        finally:
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)
            if not done:
                for path in reversed(made):
                    with suppress(OSError):
                        path.rmdir()


def _clean(destination: Path) -> None:
    """Remove what processes left behind that are no more."""
    for path in destination.glob(f"{ASIDE}*"):
        with ExitStack() as held:
            if _locked(path, held, wait=False):
                shutil.rmtree(path, ignore_errors=True)


def _locked(folder: Path, held: ExitStack, *, wait: bool) -> bool:
    """Lock *folder* until *held* is closed; return whether that could be done."""
    if sys.platform == "win32":
        return False  # a folder cannot be opened there: what is left behind stays
    import fcntl  # noqa: PLC0415 - not on Windows

    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        held.callback(os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True
