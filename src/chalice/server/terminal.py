"""The terminal, lent to a worker that reads it.

Each worker has a process group of its own, so that a signal to "my whole group" costs one worker. A
terminal is read by one group, though, the one in the foreground, and that is the server's: home. So
a worker that is told that it may not read (SIGTTIN) takes the foreground, and gives it back when
its invocation has ended. What is typed meanwhile to stop or suspend the program reaches the worker
only, which passes it on to home.
"""

from __future__ import annotations

import mmap
import os
import signal
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

# After the program was asked to stop, for so long nothing is taken: soon the nursery stops us.
_UNTIL_STOPPED_SECONDS = 1.0


def hand_over(group: int, *, of: int) -> None:
    """Put *group* into the foreground if that is where the group *of* is."""
    with suppress(OSError):
        descriptor = _open()
        try:
            if os.tcgetpgrp(descriptor) == of:
                _put(descriptor, group)
        finally:
            os.close(descriptor)


def _open() -> int:
    # The terminal itself, whatever a view has done to the standard streams.
    return os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)


def _put(descriptor: int, group: int) -> None:
    # Who is in the background gets SIGTTOU for this, unless that is blocked.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
    try:
        os.tcsetpgrp(descriptor, group)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _noted(*_: object) -> None:
    """Do nothing: the thread that listens has been woken."""


class Terminal:
    """The terminal as the nursery and its workers share it.

    Made by the nursery, it is used in each worker that is forked from it.

    Attributes:
        home: the process group of the server.
    """

    def __init__(self) -> None:
        self.home = os.getpgrp()
        # The group of the worker that took it last: from that one, too, it may be taken.
        self._holder = mmap.mmap(-1, 8)
        self._own = 0
        self._taken = False
        self._quiet_until = 0.0

    def lend(self) -> None:
        """Take the terminal from now on when this process, a worker, reads it.

        Called in the main thread, which may be at anything when signals come: a thread of its own
        acts on them. Does nothing where there is no terminal.
        """
        try:
            os.close(_open())
        except OSError:
            return
        self._own = os.getpgrp()
        woken, wake = os.pipe()
        os.set_blocking(wake, False)
        for number in (signal.SIGTTIN, signal.SIGTTOU, signal.SIGTSTP):
            signal.signal(number, _noted)
        # Written to by whatever handler there is for a signal: `pdb` has one for SIGINT.
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        threading.Thread(
            target=self._listen, args=(woken,), name="chalice-terminal", daemon=True
        ).start()

    def give_back(self) -> None:
        """Put the server into the foreground again, if this worker has taken its place."""
        if self._taken:
            self._taken = False
            hand_over(self.home, of=self._own)

    def _listen(self, woken: int) -> None:
        for numbers in _read(woken):
            for number in (signal.SIGINT, signal.SIGTSTP):
                if number in numbers:
                    self._pass_on(number)
            if signal.SIGTTIN in numbers or signal.SIGTTOU in numbers:
                with suppress(OSError):
                    self._take()

    def _pass_on(self, number: signal.Signals) -> None:
        """Send home what was typed, if it was typed at this worker."""
        if not self._taken:
            return
        self.give_back()
        if number == signal.SIGTSTP:
            self._quiet_until = time.monotonic() + _UNTIL_STOPPED_SECONDS
        with suppress(OSError):
            os.killpg(self.home, number)

    def _take(self) -> None:
        if time.monotonic() < self._quiet_until:
            return
        descriptor = _open()
        try:
            foreground = os.tcgetpgrp(descriptor)
            lent = foreground in {self.home, int.from_bytes(self._holder[:8])}
            if lent:
                _put(descriptor, self._own)
        finally:
            os.close(descriptor)
        if lent or foreground == self._own:
            self._holder[:8] = self._own.to_bytes(8)
            self._taken = True
            # Programs that a view has started were stopped by what woke us.
            os.killpg(self._own, signal.SIGCONT)
        else:
            # The whole program is in the background: it stops, as whoever reads there does.
            self._quiet_until = time.monotonic() + _UNTIL_STOPPED_SECONDS
            os.killpg(self.home, signal.SIGTTIN)


def _read(woken: int) -> Generator[bytes]:
    with suppress(OSError):  # a view closed every descriptor that it found
        while numbers := os.read(woken, 4096):
            yield numbers
