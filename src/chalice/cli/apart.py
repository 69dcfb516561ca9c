"""The user's modules, imported in a process of their own: they may end it, and never end in it.

The process is forked, so it costs next to nothing; what it found comes back as JSON. It ends with
the one that waits for it.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import sys
import threading
import time
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

import click

from chalice.cli.loading import INTERRUPTED, watched
from chalice.diagnostics import InvalidApp, Problem, ToolError
from chalice.server.slow_imports import leave_signals_to_the_main_thread

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chalice.cli.console import Console

# How often it is looked whether the process has ended, for the case that one that it has left
# behind holds its end of the channel.
_LOOK_SECONDS = 0.1

# How long it may take to say where it was interrupted, and what the application has it do at exit.
_LAST_WORD_SECONDS = 0.5
_EXIT_SECONDS = 3.0

# The exit status of one that was interrupted before it watched. Source: `EX_SOFTWARE`, sysexits.h.
_DAMAGED = 70

# What ends the program, and is not to be answered by the process that imports.
_ENDINGS = ("SIGTERM", "SIGHUP")


def _as_it_is(value: Any) -> Any:
    return value


def apart(
    console: Console,
    root: Path,
    work: Callable[[], Any],
    then: Callable[[Any], Any] = _as_it_is,
) -> Any:
    """Return what comes of *work*, from a process that imports the project in *root* for this one.

    Where none can be forked, it is this one: on Windows, and in a program with threads.

    Args:
        console: is told what takes long.
        root: where the user's modules are.
        work: imports the project, and is watched.
        then: returns what is to be known of what *work* returned, as can be written as JSON. It may
            take its time: no code of the project runs any more.

    Raises:
        InvalidApp: one of them raised it, or their process was ended by what it imported.
        ToolError: one of them raised it.
    """
    if not hasattr(os, "fork") or threading.active_count() > 1:
        with watched(console, root):
            imported = work()
        return then(imported)
    for flush in (console.flush, sys.stdout.flush, sys.stderr.flush):
        with suppress(OSError, ValueError):  # nobody reads: told of when something is written
            flush()
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if not pid:
        ours.close()
        _import(theirs, console, root, work, then)
    theirs.close()
    with ours:
        child = _Child(pid, ours)
        return _result(child.answer(console), child)


# --- the process that waits --------------------------------------------------------------------


class _Child:
    """The process that imports, seen from the one that waits for it.

    Attributes:
        status: how it ended, negative for a signal; None before.
    """

    def __init__(self, pid: int, channel: socket.socket) -> None:
        self._pid = pid
        self._channel = channel
        self.status: int | None = None

    def answer(self, console: Console) -> bytes:
        """Return what it says, once it has ended: nothing if it has not come to its end."""
        try:
            said = self._read()
            self._wait(_EXIT_SECONDS)
        except KeyboardInterrupt:
            self._signal(signal.SIGINT)
            self._wait(_LAST_WORD_SECONDS)
            if self.status == INTERRUPTED:  # it has said where it stood
                raise click.exceptions.Exit(INTERRUPTED) from None
            raise
        except SystemExit:
            console.say("Interrupted")
            raise
        finally:
            self._end()
        return said

    def _read(self) -> bytes:
        said = bytearray()
        while True:
            ended = self._ended()
            readable, _, _ = select.select([self._channel], [], [], 0 if ended else _LOOK_SECONDS)
            if readable:
                piece = self._channel.recv(1 << 16)
                if not piece:
                    return bytes(said)
                said += piece
            elif ended:
                return bytes(said)

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        pause = 0.0002
        while not self._ended() and time.monotonic() < until:
            time.sleep(pause)
            pause = min(2 * pause, 0.01)

    def _ended(self) -> bool:
        if self.status is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is not None

    def _signal(self, number: signal.Signals) -> None:
        if not self._ended():
            os.kill(self._pid, number)

    def _end(self) -> None:
        if not self._ended():
            os.kill(self._pid, signal.SIGKILL)
            _, status = os.waitpid(self._pid, 0)
            self.status = os.waitstatus_to_exitcode(status)


def _result(said: bytes, child: _Child) -> Any:
    """Return what came of the work.

    Raises:
        InvalidApp: it has problems, or the process ended without a word.
        ToolError: it was stopped.
    """
    try:
        match json.loads(said):
            case {"value": value}:
                return value
            case {"problems": problems}:
                raise InvalidApp([Problem(**item) for item in problems])
            case {"error": text}:
                raise ToolError(text)
            case {"bug": trace}:
                raise RuntimeError(f"in the process that imports:\n{trace}")
            case _:
                pass
    except ValueError:
        pass
    # A server's own: only an import that ended its process pays for them.
    from chalice.server.environment import exit_reason  # noqa: PLC0415
    from chalice.server.facts import NotLoaded  # noqa: PLC0415

    raise InvalidApp(NotLoaded.ended(exit_reason(child.status)).problems)


# --- the process that imports ------------------------------------------------------------------


def _import(
    channel: socket.socket,
    console: Console,
    root: Path,
    work: Callable[[], Any],
    then: Callable[[Any], Any],
) -> NoReturn:
    """Do the work, say what came of it, and end."""
    try:
        _be_a_process_of_its_own(channel)
        _say(channel, _outcome(channel, console, root, work, then))
        channel.shutdown(socket.SHUT_WR)  # though another process may hold this end, too
        from chalice.server.leaving import leave  # noqa: PLC0415 - for this process only

        leave()
    finally:  # whatever happens, it must not run on as the program
        os._exit(_DAMAGED)


def _be_a_process_of_its_own(channel: socket.socket) -> None:
    # What is to be done at the exit of the program is not to be done here.
    atexit._clear()  # noqa: SLF001 - there is no other way
    for name in _ENDINGS:
        number = getattr(signal, name)
        if signal.getsignal(number) != signal.SIG_IGN:  # as `nohup` has it
            signal.signal(number, signal.SIG_DFL)
    threading.Thread(target=_end_with_the_program, args=(channel,), daemon=True).start()


def _end_with_the_program(channel: socket.socket) -> None:
    """Wait for the end of the process that waits, which says nothing before."""
    leave_signals_to_the_main_thread()
    with suppress(OSError):
        channel.recv(1)
    os._exit(_DAMAGED)


def _outcome(
    channel: socket.socket,
    console: Console,
    root: Path,
    work: Callable[[], Any],
    then: Callable[[Any], Any],
) -> dict[str, Any]:
    def report(problem: Problem) -> None:
        _say(channel, {"problems": [problem.to_dict()]})

    try:
        with watched(console, root, report=report):
            imported = work()
        return {"value": then(imported)}
    except ToolError as error:
        problems: tuple[Problem, ...] = getattr(error, "problems", ())
        if problems:
            return {"problems": [problem.to_dict() for problem in problems]}
        return {"error": str(error)}
    except Exception:  # noqa: BLE001 - a bug of ours is told by the process that waits
        return {"bug": traceback.format_exc()}


def _say(channel: socket.socket, message: dict[str, Any]) -> None:
    channel.sendall(json.dumps(message).encode())
