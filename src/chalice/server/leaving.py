"""The end of a process that has run code of the user's."""

from __future__ import annotations

import atexit
import os
import sys
from contextlib import suppress
from typing import NoReturn


def leave(status: int = 0) -> NoReturn:
    """End the process as an interpreter ends, without waiting for anybody's threads."""
    with suppress(BaseException):
        atexit._run_exitfuncs()  # noqa: SLF001 - as `multiprocessing` ends its processes
    for stream in (sys.stdout, sys.stderr):
        with suppress(BaseException):
            stream.flush()
    os._exit(status)
