"""Starts the processes that run the application, and learns how they ended.

Where the system can fork, a nursery does it: a process that has imported everything of ours that a
worker needs, nothing of the application, and runs one thread. A worker forked from it only has to
load the application. Elsewhere each worker is a new interpreter.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice.server.order import Order

# `-P` keeps the working directory out of the path: it is a project's, and may hold a `json.py`.
_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from chalice.server.{module} import main; main(sys.argv[2:])"
)


class Process:
    """One process that runs the application."""

    def __init__(self, kill: Callable[[], None]) -> None:
        self._kill = kill
        self._ended = asyncio.Event()
        self.status: int | None = None

    def kill(self) -> None:
        """End the process at once; do nothing if it has ended."""
        if not self._ended.is_set():
            self._kill()

    def ended(self, status: int) -> None:
        """Note the exit status, negative for a signal."""
        self.status = status
        self._ended.set()

    async def wait(self, seconds: float) -> int | None:
        """Return the exit status, or None if the process runs for *seconds* more."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._ended.wait()
        return self.status


class Processes(Protocol):
    """Starts processes."""

    def start(self, order: Order) -> tuple[Process, socket.socket]:
        """Start a process that carries out *order*; return it and our end of its channel."""
        ...

    def attach(self) -> None:
        """Listen for ends of processes from now on, on the running loop."""
        ...

    async def close(self) -> None:
        """End every process that is left."""
        ...


class Nursery:
    """The nursery, seen from the process that owns the sockets.

    It may be launched before there is an event loop, so that it prepares itself in the meantime.
    """

    def __init__(self) -> None:
        self._keys = 0
        self._running: dict[int, Process] = {}
        self._buffer = b""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._launch()

    def _launch(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._nursery = _popen("nursery", [str(theirs.fileno())], pass_fds=(theirs.fileno(),))
        ours.setblocking(False)  # noqa: FBT003 - its only argument
        self._control = ours
        if self._loop is not None:
            self.attach()

    def start(self, order: Order) -> tuple[Process, socket.socket]:
        """Have a worker forked."""
        if self._nursery.poll() is not None:  # somebody killed it
            self._forget()
            self._launch()
        self._keys += 1
        key = self._keys
        process = Process(lambda: self._send({"kill": key}))
        self._running[key] = process
        ours, theirs = socket.socketpair()
        with theirs:
            self._send({"start": key, "order": order.to_dict()}, theirs.fileno())
        return process, ours

    def attach(self) -> None:
        """Listen to the nursery."""
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._control, self._heard)

    def _send(self, message: dict[str, Any], *descriptors: int) -> None:
        line = json.dumps(message).encode() + b"\n"
        with suppress(OSError):
            socket.send_fds(self._control, [line], descriptors)

    def _heard(self) -> None:
        try:
            data = self._control.recv(65536)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            self._forget()
            return
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            message = json.loads(line)
            process = self._running.pop(message["ended"], None)
            if process is not None:
                process.ended(message["status"])

    def _forget(self) -> None:
        """The nursery is gone, and with it what it could tell about its workers."""
        if self._loop is not None and self._control.fileno() >= 0:
            self._loop.remove_reader(self._control)
        self._control.close()
        self._buffer = b""
        self._running.clear()

    async def close(self) -> None:
        """Close the control channel: the nursery ends its workers and itself."""
        self._forget()
        await _ended(self._nursery)


class Spawner:
    """Starts an interpreter for each worker: for systems that cannot fork."""

    def __init__(self) -> None:
        self._programs: list[subprocess.Popen[bytes]] = []
        self._unwatched: list[tuple[subprocess.Popen[bytes], Process]] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def attach(self) -> None:
        """Wait for the end of each process, in threads: the loops of some systems cannot."""
        self._loop = asyncio.get_running_loop()
        for program, process in self._unwatched:
            arguments = (program, process, self._loop)
            threading.Thread(target=_report_end, args=arguments, daemon=True).start()
        self._unwatched.clear()

    def start(self, order: Order) -> tuple[Process, socket.socket]:
        """Start an interpreter."""
        ours, theirs = socket.socketpair()
        text = json.dumps(order.to_dict())
        with theirs:
            if sys.platform == "win32":
                program = _popen("worker", [text], stdin=subprocess.PIPE)
                assert program.stdin is not None  # noqa: S101 - asked for above
                with program.stdin:
                    program.stdin.write(theirs.share(program.pid))
            else:
                descriptor = theirs.fileno()
                program = _popen("worker", [text, str(descriptor)], pass_fds=(descriptor,))
        process = Process(program.kill)
        self._programs.append(program)
        self._unwatched.append((program, process))
        if self._loop is not None:
            self.attach()
        return process, ours

    async def close(self) -> None:
        """End every worker that is left: its channel is closed by now."""
        for program in self._programs:
            await _ended(program)


def _report_end(
    program: subprocess.Popen[bytes], process: Process, loop: asyncio.AbstractEventLoop
) -> None:
    status = program.wait()
    with suppress(RuntimeError):  # the loop has been closed: nobody asks any more
        loop.call_soon_threadsafe(process.ended, status)


async def _ended(program: subprocess.Popen[bytes]) -> None:
    """Wait for *program* as long as it may take to clean up, then end it."""
    for _ in range(150):
        if program.poll() is not None:
            return
        await asyncio.sleep(0.02)
    program.kill()
    program.wait()


def _popen(
    module: str, arguments: list[str], *, pass_fds: tuple[int, ...] = (), stdin: int | None = None
) -> subprocess.Popen[bytes]:
    path = [entry for entry in sys.path if entry and not _is_project(Path(entry))]
    command = [sys.executable, "-P", "-c", _BOOT.format(module=module), json.dumps(path)]
    with _ctrl_c_ignored():
        return subprocess.Popen(  # noqa: S603 - a module of our own
            [*command, *arguments], pass_fds=pass_fds, stdin=stdin
        )


def _is_project(directory: Path) -> bool:
    """Tell whether `python -m` put *directory* on the path because we were called from there."""
    return directory == Path.cwd() and not (directory / "chalice").is_dir()


class _ctrl_c_ignored:  # noqa: N801 - used like a function
    """Starts a child with SIGINT ignored until it has installed a handler of its own.

    A terminal sends Ctrl-C to every process of ours; only this one acts on it.
    """

    def __enter__(self) -> None:
        self._before = None
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, signal.SIG_IGN)

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)


def default() -> Processes:
    """Return the way to start processes that suits this system."""
    return Nursery() if hasattr(os, "fork") else Spawner()
