"""Processes whose parents have ended: on Linux the nursery adopts them, and ends them in the end.

A worker's process group ends with it. What has left the group, as a shell's jobs and `timeout` do,
is known by its parent alone, and a process without one would become a child of the system's.
Elsewhere than on Linux it does.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

# Source: linux/prctl.h, `PR_SET_CHILD_SUBREAPER`; prctl(2): it holds for all descendants.
_PR_SET_CHILD_SUBREAPER = 36

# How long what is ended may take, at the most.
_SECONDS = 1.0
_STEP_SECONDS = 0.002


def adopt() -> None:
    """Have what descends from this process become its child when its parent ends."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes  # noqa: PLC0415 - while the first worker loads

    with suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end(spared: Collection[int]) -> None:
    """End the children of this process, and theirs, as far as they are of its session.

    Args:
        spared: process groups that live on.
    """
    until = time.monotonic() + _SECONDS
    # The children of a process that ends are ours, and seen, once it has ended.
    while (left := _left(spared)) and time.monotonic() < until:
        for pid in left:
            with suppress(OSError):  # it has ended
                os.kill(pid, signal.SIGKILL)
        time.sleep(_STEP_SECONDS)
        for pid in left:
            with suppress(OSError):
                os.waitpid(pid, os.WNOHANG)


def _left(spared: Collection[int]) -> list[int]:
    session = os.getsid(0)
    return [pid for pid in _children() if _is_left(pid, session, spared)]


def _is_left(pid: int, session: int, spared: Collection[int]) -> bool:
    with suppress(OSError):  # it has ended
        return os.getsid(pid) == session and os.getpgid(pid) not in spared
    return False


def _children() -> list[int]:
    # Of the only thread of this process.
    pid = os.getpid()
    with suppress(OSError):  # the system does not tell
        return [
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]
    return []
