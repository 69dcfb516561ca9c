"""Starts execution environments from the server's process, and talks to them."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_BOOT = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from chalice.invoke.lambda_runtime.launcher import main; main(sys.argv[2:])"
)
_OURS = Path(__file__).parents[3]

# How much of a log is read at a time, and at most before something else has its turn.
_CHUNK_BYTES = 256 * 1024
_MOST_DRAINED_BYTES = 8 * 1024 * 1024


class Host:
    """The launcher, seen from the server: it forks where the server, full of threads, must not.

    Args:
        orphan: a folder that it removes where this process ends without closing; empty for none.
    """

    def __init__(self, orphan: str = "") -> None:
        self._orphan = orphan
        self._launcher: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def open(self, order: Mapping[str, Any]) -> tuple[socket.socket, int]:
        """Have an environment made; return our ends of its socket and of its log."""
        ours, theirs = socket.socketpair()
        log, written = os.pipe()
        try:
            line = json.dumps(order).encode() + b"\n"
            control = self._running()
            socket.send_fds(control, [line], [theirs.fileno(), written])
        except BaseException:
            ours.close()
            os.close(log)
            raise
        finally:
            theirs.close()
            os.close(written)
        ours.setblocking(False)  # noqa: FBT003 - its only argument
        os.set_blocking(log, False)
        return ours, log

    def _running(self) -> socket.socket:
        """Return the way to the launcher, which is started where it does not run (any more)."""
        if self._launcher is not None and self._control is not None:
            if self._launcher.poll() is None:
                return self._control
            self._control.close()
        ours, theirs = socket.socketpair()
        with theirs:
            descriptor = theirs.fileno()
            command = [sys.executable, "-I", "-S", "-c", _BOOT, str(_OURS), str(descriptor)]
            command.append(self._orphan)
            # Nothing of the user's shell: what a function can see of this process is empty.
            kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
            self._launcher = subprocess.Popen(  # noqa: S603 - a module of our own
                command,
                env=kept,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(descriptor,),
                start_new_session=True,  # Ctrl-C is for the server
            )
        self._control = ours
        return ours

    async def close(self) -> None:
        """End the launcher; the environments have been let go of."""
        if self._control is not None:
            with suppress(OSError):
                self._control.sendall(b"\n")
            self._control.close()
        launcher = self._launcher
        if launcher is None:
            return
        for _ in range(200):
            if launcher.poll() is not None:
                return
            await asyncio.sleep(0.01)
        launcher.kill()
        launcher.wait()


class Cell:
    """The first process of an environment, seen from the server.

    Args:
        control: our end of its socket.
        log: our end of what its function writes.
        told: gets what the process says; None once it has ended.
        written: gets what the function writes.
    """

    def __init__(
        self,
        control: socket.socket,
        log: int,
        *,
        told: Callable[[dict[str, Any] | None], None],
        written: Callable[[bytes], None],
    ) -> None:
        self._control = control
        self._log = log
        self._told = told
        self._written = written
        self._buffer = b""
        self._unsent = b""
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(control, self._heard)
        self._loop.add_reader(log, self._read)

    def send(self, message: Mapping[str, Any]) -> None:
        """Say something to the process."""
        self._unsent += json.dumps(message).encode() + b"\n"
        self._send_on()

    def _send_on(self) -> None:
        try:
            sent = self._control.send(self._unsent)
        except BlockingIOError:
            sent = 0
        except OSError:  # it ended, which is heard elsewhere
            self._unsent = b""
            return
        self._unsent = self._unsent[sent:]
        if self._unsent:
            self._loop.add_writer(self._control, self._send_on)
        elif sent:
            self._loop.remove_writer(self._control)

    def _heard(self) -> None:
        try:
            data = self._control.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._loop.remove_reader(self._control)
            self._told(None)
            return
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            self._told(json.loads(line))

    def _read(self) -> int:
        """Read once, others want their turn; return how much it was."""
        try:
            data = os.read(self._log, _CHUNK_BYTES)
        except OSError:  # nothing there
            return 0
        if data:
            self._written(data)
        else:
            self._loop.remove_reader(self._log)
        return len(data)

    def drain(self) -> None:
        """Read what the function has written so far."""
        left = _MOST_DRAINED_BYTES
        while left > 0 and self._log >= 0:
            size = self._read()
            if not size:
                return
            left -= size

    def close(self) -> None:
        """Let go; the process and all of its environment end of it."""
        if self._log < 0:
            return
        self._loop.remove_reader(self._control)
        self._loop.remove_writer(self._control)
        self._loop.remove_reader(self._log)
        self._control.close()
        with suppress(OSError):
            os.close(self._log)
        self._log = -1
