"""A terminal for tests: what a person types, what a program shows, who is in the foreground."""

import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import threading
from contextlib import suppress

from tests.server.serving import wait_until

# A session of its own, whose terminal is the one that is stdin.
_LAUNCH = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)"
_LAUNCH += "; os.execvp(sys.argv[1], sys.argv[1:])"

CTRL_C, CTRL_Z = "\x03", "\x1a"

CHALICE = (sys.executable, "-m", "chalice.cli.main")


def _environ():
    """Return the variables without those of coverage: debuggers want the tracer for themselves."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}


class Terminal:
    """A terminal in which *command* runs, as the leader of the session."""

    def __init__(self, directory, *command, environ=None):
        self._screen, line = pty.openpty()
        self._shown = b""
        self.process = subprocess.Popen(
            [sys.executable, "-c", _LAUNCH, *command],
            cwd=directory,
            stdin=line,
            stdout=line,
            stderr=line,
            start_new_session=True,
            env={**_environ(), "TERM": "dumb", **(environ or {})},
        )
        os.close(line)
        self._hung_up = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        with suppress(OSError):  # everybody has gone
            while not self._hung_up.is_set():
                if select.select([self._screen], [], [], 0.05)[0]:
                    self._shown += os.read(self._screen, 4096)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if not self._hung_up.is_set():
            self.hang_up()

    def hang_up(self):
        """Close the window."""
        self._hung_up.set()
        self._reader.join(20)
        os.close(self._screen)

    @property
    def shown(self):
        return self._shown.decode(errors="replace")

    def type(self, text):
        os.write(self._screen, text.encode())

    def wait_for(self, text, count=1, seconds=30):
        """Return when *text* has been shown *count* times."""
        try:
            wait_until(lambda: self.shown.count(text) >= count, seconds)
        except AssertionError:
            raise AssertionError(f"no {text!r} in {self.shown!r}") from None

    def foreground(self):
        return int.from_bytes(
            fcntl.ioctl(self._screen, termios.TIOCGPGRP, b"\0" * 4), sys.byteorder
        )
