"""Commands that write: whoever ends them, they take back what is not done."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import FrameType

# What a shell reports for a program that a signal ended: 128 + its number.
_SIGNALLED = 128

# Who sends them: a CI, a terminal that is closed.
_NAMES = ("SIGTERM", "SIGHUP")


@contextmanager
def unwinding() -> Generator[None]:
    """Have SIGTERM and SIGHUP end the block as Ctrl-C does: every `finally` runs."""
    with _answered(_end):
        yield


@contextmanager
def leaving(
    say: Callable[[str], object], leave: Callable[[int], object] = os._exit
) -> Generator[None]:
    """Have SIGTERM and SIGHUP end the process at once: code of the user's may catch what is raised.

    Args:
        say: is told that it was interrupted.
        leave: ends the process.
    """

    def end(number: int, _frame: object) -> None:
        say("Interrupted")
        leave(_SIGNALLED + number)

    with _answered(end):
        yield


@contextmanager
def _answered(answer: Callable[[int, FrameType | None], object]) -> Generator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # a program that uses the command line: signals are its own
        return
    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    # What is ignored stays so: `nohup` asks for it.
    before = {
        number: known for number in numbers if (known := signal.getsignal(number)) != signal.SIG_IGN
    }
    for number in before:
        signal.signal(number, answer)
    try:
        yield
    finally:
        for number, known in before.items():
            signal.signal(number, known)


def _end(number: int, _frame: object) -> NoReturn:
    sys.exit(_SIGNALLED + number)
