"""Commands that write: whoever ends them, they take back what is not done."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Generator

# What a shell reports for a program that SIGTERM ended: 128 + 15.
_TERMINATED = 143


@contextmanager
def unwinding() -> Generator[None]:
    """Have SIGTERM, as a CI sends it, end the block as Ctrl-C does: every `finally` runs."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(*_: object) -> NoReturn:
    sys.exit(_TERMINATED)
