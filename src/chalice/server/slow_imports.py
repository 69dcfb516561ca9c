"""Imports that take long, or never end: told of and given up, with the line they stand at.

The watch is a thread, which gets its turn while Python code runs or waits. Code in C may keep the
interpreter to itself, as `re` does with a pattern that backtracks for ever. While the processor is
busy, signals come ten times a second; `re` and most of what lasts runs their handlers, and with
that come the other threads' turns. Code that looks at no signal is ended by a timer that needs no
interpreter; all that can be said of it is Python's own traceback.
"""

from __future__ import annotations

import faulthandler
import signal
import sys
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.model.places import own_file

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path
    from types import FrameType

    from chalice.diagnostics import Problem

# When it is told that an import takes long, and when it is given up. Lambda gives the whole init
# phase 10 s (rule 10.2); a machine that reads its libraries for the first time takes longer.
SLOW_SECONDS = 5.0
LONGEST_SECONDS = 60.0

# How much later what does not let the watch have its turn is ended.
_GRACE_SECONDS = 5.0

# In seconds of the processor; on a busy machine they last longer by the clock.
_TURN_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Watch:
    """What is watched, and who is told.

    Attributes:
        root: where the user's modules are.
        name: what is imported, `app.py`.
        slow: is told once that the import takes long, and the place where it stands.
        given_up: gets the problem of an import that does not end; it is to end the process.
        seconds: when *slow* is called, and when *given_up* is.
    """

    root: Path
    name: str
    slow: Callable[[str], object]
    given_up: Callable[[Problem], object]
    seconds: tuple[float, float] = (SLOW_SECONDS, LONGEST_SECONDS)

    @contextmanager
    def over(self) -> Generator[None]:
        """Watch the block, which must run in the main thread."""
        done = threading.Event()
        main = threading.main_thread().ident or 0
        watcher = threading.Thread(
            target=self._wait, args=(done, main), name="chalice-import", daemon=True
        )
        watcher.start()
        with _turns_for_threads(), _end_after(self.seconds[1] + _GRACE_SECONDS):
            try:
                yield
            finally:
                done.set()

    def where(self, frame: FrameType | None) -> str:
        """Return the line of the user's that *frame* is in, or was called from."""
        while frame is not None:
            file = own_file(frame.f_code.co_filename, self.root)
            if file:
                return f"{file}:{frame.f_lineno}"
            frame = frame.f_back
        return self.name

    def _wait(self, done: threading.Event, main: int) -> None:
        leave_signals_to_the_main_thread()
        slow, longest = self.seconds
        if done.wait(slow):
            return
        self.slow(self._stands_at(main))
        if done.wait(longest - slow):
            return
        from chalice.diagnostics import Problem  # noqa: PLC0415 - what is quick does without

        summary = f"`{self.name}` has not been imported after {longest:g} s"
        hint = "let the import end: what waits or runs on belongs into a function"
        self.given_up(Problem("app-import-time", summary, self._stands_at(main), hint))

    def _stands_at(self, main: int) -> str:
        return self.where(sys._current_frames().get(main))  # noqa: SLF001 - as `faulthandler` has it


def leave_signals_to_the_main_thread() -> None:
    """Have the calling thread get no signals.

    Python runs their handlers in the main thread, and what that waits in ends early only where the
    system gave the signal to it.
    """
    if hasattr(signal, "pthread_sigmask"):  # not on Windows
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())


@contextmanager
def _turns_for_threads() -> Generator[None]:
    """Interrupt C code that keeps the interpreter, where it lets itself be interrupted.

    The timer counts the time that this process computes: who waits is left alone. Nothing is done
    where somebody uses it already.
    """
    if not hasattr(signal, "SIGVTALRM") or signal.getsignal(signal.SIGVTALRM) != signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGVTALRM, _ignore)
    signal.setitimer(signal.ITIMER_VIRTUAL, _TURN_SECONDS, _TURN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, signal.SIG_DFL)


def _ignore(number: int, frame: FrameType | None) -> None:
    """Do nothing: that Python code runs is enough."""


@contextmanager
def _end_after(seconds: float) -> Generator[None]:
    """End the process with status 1 and a traceback, whatever it does, if the block goes on."""
    with suppress(AttributeError, ValueError, OSError, RuntimeError):  # there is no stderr
        faulthandler.dump_traceback_later(seconds, exit=True, file=sys.__stderr__ or sys.stderr)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
