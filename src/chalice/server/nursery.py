"""The nursery: a process of one thread that forks workers which need not import us again.

It must never import anything of the application: a worker forked after an edit would run the old
code. Each worker leads a process group: what a view does to its whole group ends there, and what a
view has started and left behind ends with the worker, as on Lambda: in its group, and, where the
system lets the nursery adopt it, in any other group of the session.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import time
import traceback
from contextlib import suppress
from typing import Any

from chalice.server import orphans
from chalice.server.terminal import Terminal, hand_over

# What a worker imports anyway.
_PRELOAD = (
    "asyncio",
    "chalice.app",
    "chalice.emulator",
    "chalice.gateway.stage",
    "chalice.invoke.crew",
    "chalice.invoke.in_process",
    "chalice.openapi",
    "chalice.project",
    "chalice.server.loading",
    "chalice.server.worker",
)

# What ends whole groups: it ends the server, and that is what ends the nursery, in order.
_ENDED_WITH_THE_SERVER = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)

# What suspends whole groups. A job is suspended as a whole; that workers are a part of it only the
# nursery knows.
_SUSPENDED_BY = (signal.SIGTSTP, signal.SIGTTIN)

# How long workers may take to end by themselves once the server is gone.
_GRACE_SECONDS = 1.0


def main(arguments: list[str]) -> None:
    """Serve the control channel whose descriptor is the argument, to its end."""
    for number in (signal.SIGINT, *_ENDED_WITH_THE_SERVER):
        signal.signal(number, _ignore)
    # Functions' output is talk, not data: stdout carries the server's URL only.
    with suppress(OSError):  # a server without stderr
        os.dup2(2, 1)
    control = socket.socket(fileno=int(arguments[0]))
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(woken, False)
    signal.signal(signal.SIGCHLD, _ignore)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    for module in _PRELOAD:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()
    Nursery(control, woken, wake).run()


def _ignore(*_: object) -> None:
    """Do nothing; unlike SIG_IGN this is not inherited by programs that a view starts."""


class Nursery:
    """Forks workers and reports how they ended.

    Args:
        control: orders come in and ends go out.
        woken: readable after a child ended.
        wake: the other end of *woken*.
    """

    def __init__(self, control: socket.socket, woken: int, wake: int) -> None:
        self._control = control
        self._woken = woken
        self._wake = wake
        self._workers: dict[int, int] = {}  # process id -> key
        self._adopting = False
        self._buffer = b""
        self._descriptors: list[int] = []
        self._pid = os.getpid()
        self._terminal = Terminal()
        for number in _SUSPENDED_BY:
            signal.signal(number, self._suspend)

    def run(self) -> None:
        """Carry out orders until the server is gone; then see that no worker stays behind."""
        while True:
            control = self._control.fileno()
            readable, _, _ = select.select([control, self._woken], [], [])
            if self._woken in readable:
                with suppress(BlockingIOError):
                    os.read(self._woken, 4096)
                self._reap()
            if control in readable and not self._obey():
                break
        self._clear()

    def _obey(self) -> bool:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, 65536, 8)
        except OSError:
            return False
        if not data:
            return False
        self._descriptors += descriptors
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            message: dict[str, Any] = json.loads(line)
            if "start" in message:
                self._start(message["start"], message["order"], self._descriptors.pop(0))
            else:
                self._kill(message["kill"])
        return True

    def _start(self, key: int, order: dict[str, Any], descriptor: int) -> None:
        pid = os.fork()
        if pid:
            os.close(descriptor)
            self._workers[pid] = key
            with suppress(OSError):  # it has done so itself
                os.setpgid(pid, pid)
            if not self._adopting:
                orphans.adopt()  # takes its time, in which the first worker loads
                self._adopting = True
            return
        try:
            os.setpgid(0, 0)
            self._control.close()
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGCHLD, *_ENDED_WITH_THE_SERVER, *_SUSPENDED_BY):
                signal.signal(number, signal.SIG_DFL)
            os.close(self._woken)
            os.close(self._wake)
            from chalice.server.order import Order  # noqa: PLC0415 - preloaded
            from chalice.server.worker import run  # noqa: PLC0415 - preloaded

            self._terminal.lend()
            run(socket.socket(fileno=descriptor), Order(**order), self._terminal)
        except BaseException:  # noqa: BLE001 - a child must never run on as a second nursery
            traceback.print_exc()
        finally:
            os._exit(70)

    def _kill(self, key: int) -> None:
        for pid, known in self._workers.items():
            if known == key:
                _signal(pid, signal.SIGKILL)

    def _suspend(self, number: int, _frame: object) -> None:
        """Stop with the program, workers first, and go on with it."""
        if os.getpid() != self._pid:  # a worker that is being made
            return
        workers = list(self._workers)
        for pid in workers:
            _signal(pid, signal.SIGSTOP)
        signal.signal(number, signal.SIG_DFL)
        os.kill(self._pid, number)  # returns when the program goes on
        signal.signal(number, self._suspend)
        for pid in workers:
            _signal(pid, signal.SIGCONT)

    def _reap(self) -> None:
        with suppress(ChildProcessError):  # there is none
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if not pid:
                    return
                if pid in self._workers:
                    self._tell_end(pid, status)
                    orphans.end(self._workers)

    def _tell_end(self, pid: int, status: int) -> None:
        _signal(pid, signal.SIGKILL)
        hand_over(self._terminal.home, of=pid)
        message = {
            "ended": self._workers.pop(pid),
            "status": os.waitstatus_to_exitcode(status),
        }
        with suppress(OSError):
            self._control.sendall(json.dumps(message).encode() + b"\n")

    def _clear(self) -> None:
        until = time.monotonic() + _GRACE_SECONDS
        while self._workers and time.monotonic() < until:
            self._reap()
            time.sleep(0.01)
        for pid in self._workers:
            _signal(pid, signal.SIGKILL)
            hand_over(self._terminal.home, of=pid)
        orphans.end(())


def _signal(group: int, number: signal.Signals) -> None:
    """Signal a worker and whatever is in its group."""
    with suppress(OSError):  # nobody is left in it
        os.killpg(group, number)
