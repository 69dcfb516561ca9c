"""Commands that write: whoever ends them, they take back what is not done."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Generator

# What a shell reports for a program that a signal ended: 128 + its number.
_SIGNALLED = 128

# Who sends them: a CI, a terminal that is closed.
_NAMES = ("SIGTERM", "SIGHUP")


@contextmanager
def unwinding() -> Generator[None]:
    """Have SIGTERM and SIGHUP end the block as Ctrl-C does: every `finally` runs."""
    if threading.current_thread() is not threading.main_thread():
        yield  # a program that uses the command line: signals are its own
        return
    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    # What is ignored stays so: `nohup` asks for it.
    before = {
        number: known for number in numbers if (known := signal.getsignal(number)) != signal.SIG_IGN
    }
    for number in before:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number, known in before.items():
            signal.signal(number, known)


def _end(number: int, _frame: object) -> NoReturn:
    sys.exit(_SIGNALLED + number)
