"""The process that runs the application: loads it, then carries out invocations."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NoReturn, cast

from chalice.invoke.crew import Crew
from chalice.invoke.in_process import InProcess
from chalice.server import frames
from chalice.server.facts import NotLoaded
from chalice.server.frames import Frame, Kind
from chalice.server.leaving import leave
from chalice.server.loading import Loaded, load
from chalice.server.order import Order
from chalice.server.slow_imports import LONGEST_SECONDS, SLOW_SECONDS, Watch

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import BufferedReader

    from chalice.diagnostics import Problem
    from chalice.invocation import Outcome
    from chalice.server.terminal import Terminal


# The exit status of a worker that cannot go on. Source: `EX_SOFTWARE` of sysexits.h.
_DAMAGED = 70


def main(arguments: list[str]) -> NoReturn:
    """Run as a new interpreter; the arguments are the order and the channel's descriptor."""
    signal.signal(signal.SIGINT, _ignore)
    with suppress(OSError):  # a server without stderr
        os.dup2(2, 1)
    if sys.platform == "win32":
        channel = socket.fromshare(sys.stdin.buffer.read())
    else:
        channel = socket.socket(fileno=int(arguments[1]))
    run(channel, Order(**json.loads(arguments[0])))


def _ignore(*_: object) -> None:
    """Leave Ctrl-C to the process that owns the sockets."""


def run(channel: socket.socket, order: Order, terminal: Terminal | None = None) -> NoReturn:
    """Load the application, say what it is, and carry out invocations until the channel ends.

    Args:
        channel: to the server.
        order: what to load.
        terminal: is given back after each invocation; None where the worker is in the server's own
            process group.
    """
    worker = Worker(channel, terminal)
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # or None: suppressed
    loaded = worker.load(order)
    if loaded is not None:
        worker.serve(loaded)
    leave()


def _give_up(error: BaseException) -> NoReturn:
    """End a process that does not understand what it is told; the server starts another."""
    if not isinstance(error, frames.Damaged):
        traceback.print_exception(error)
    leave(_DAMAGED)


class Worker:
    """One end of the channel."""

    def __init__(self, channel: socket.socket, terminal: Terminal | None = None) -> None:
        self._channel = channel
        self._terminal = terminal
        self._stream = cast("BufferedReader", channel.makefile("rb", buffering=1 << 18))
        self._writing = Lock()
        self._pid = os.getpid()
        if hasattr(os, "register_at_fork"):
            # A process that a view forks must neither answer for us nor keep the channel open.
            os.register_at_fork(after_in_child=self._let_go)

    def _let_go(self) -> None:
        with suppress(OSError):
            os.close(self._channel.detach())

    def load(self, order: Order) -> Loaded | None:
        """Load the application and tell the other end; None if that cannot be done."""
        try:
            os.chdir(order.directory)
            with self._watch(order).over():
                loaded = load(
                    Path(order.directory),
                    order.stage,
                    spare_api_key=order.spare_api_key,
                    environ=os.environ,
                    outlined=order.outlined,
                )
            facts = loaded.facts.to_json()
            self._give_terminal_back()
        except NotLoaded as error:
            self._send(frames.encode(Kind.REFUSED, body=error.to_json()))
            return None
        except BaseException as error:  # noqa: BLE001 - the server shows it and lives on
            refused = NotLoaded.bug(error, traceback.format_exc())
            self._send(frames.encode(Kind.REFUSED, body=refused.to_json()))
            return None
        self._send(frames.encode(Kind.READY, body=facts))
        return loaded

    def _watch(self, order: Order) -> Watch:
        def slow(where: str) -> None:
            self._send(frames.encode(Kind.SLOW, body=where.encode("utf-8", "replace")))

        def given_up(problem: Problem) -> None:
            self._send(frames.encode(Kind.REFUSED, body=NotLoaded([problem]).to_json()))
            os._exit(_DAMAGED)

        seconds = order.import_seconds or (SLOW_SECONDS, LONGEST_SECONDS)
        return Watch(Path(order.directory), "app.py", slow, given_up, seconds)

    def serve(self, loaded: Loaded) -> None:
        """Carry out invocations until the channel ends; the calling thread takes part."""
        invoker = InProcess(loaded.functions, log=self._log)
        most_frames = sys.getrecursionlimit()

        def carry_out(frame: Frame) -> None:
            # A view may have lowered it so far that the next event cannot even be read.
            if sys.getrecursionlimit() < most_frames:
                sys.setrecursionlimit(most_frames)
            outcome = invoker.invoke(frames.invocation_of(frame))
            self._give_terminal_back()
            self._answer(frame.number, outcome)

        Crew(self._next(), carry_out, failed=_give_up).work()

    def _give_terminal_back(self) -> None:
        if self._terminal is not None:
            self._terminal.give_back()

    def _next(self) -> Callable[[], Frame | None]:
        def take() -> Frame | None:
            try:
                frame = frames.read(self._stream)
            except (OSError, ValueError):  # a view closed our end
                frame = None
            if frame is None:
                leave()
            return frame

        return take

    def _answer(self, number: int, outcome: Outcome) -> None:
        if os.getpid() != self._pid:
            os._exit(0)  # a view forked, and its child came back out of it
        self._send(frames.outcome_frame(number, outcome))

    def _log(self, text: str) -> None:
        if os.getpid() == self._pid:
            self._send(frames.encode(Kind.LOG, body=text.encode("utf-8", "replace")))

    def _send(self, data: bytes) -> None:
        with suppress(OSError), self._writing:
            self._channel.sendall(data)
