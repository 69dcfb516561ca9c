"""Functions invoked in this process, in the calling thread, as Lambda's Python runtime does it."""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from chalice.invocation import (
    MAX_RESULT_BYTES,
    TOO_LARGE,
    FunctionError,
    Invocation,
    NotInvocable,
    Outcome,
    Result,
    StillRunning,
    Throttled,
    TimedOut,
    platform_error,
)
from chalice.invoke.context import LambdaContext
from chalice.invoke.functions import find_handler
from chalice.invoke.marshal import MarshalError, marshal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from chalice.invoke.functions import Handler, LocalFunction

#: The outcome where somebody quit a debugger that the function had started. Nothing failed.
DEBUGGER_QUIT = platform_error("BdbQuit", "The debugger was quit")

_OURS = f"{Path(__file__).parent.parent}{os.sep}"


def _to_stderr(text: str) -> None:
    sys.stderr.write(text + "\n")


class InProcess:
    """Invokes functions of this process; safe to call from several threads.

    A function cannot be stopped here: one that runs past its timeout runs on to its end, and the
    outcome then says what Lambda would have said in time.

    Args:
        functions: what can be invoked, by the name that invocations use.
        log: gets what Lambda would write to the function's log, one text for each entry.
        clock: measures durations, in seconds.
    """

    def __init__(
        self,
        functions: Mapping[str, LocalFunction],
        *,
        log: Callable[[str], None] = _to_stderr,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._functions = functions
        self._log = log
        self._clock = clock
        self._lock = Lock()
        self._running: dict[str, int] = {}

    def invoke(self, invocation: Invocation) -> Outcome:
        """Run the function to its end and return what came of it; never raise."""
        function = self._functions.get(invocation.function)
        if function is None:
            return NotInvocable(f"there is no function `{invocation.function}` here")
        if function.absent:
            return NotInvocable(function.absent)
        limit = function.reserved_concurrency
        if limit is None:
            return self._timed(function, invocation)
        with self._lock:
            running = self._running.get(invocation.function, 0)
            if running >= limit:
                return Throttled()
            self._running[invocation.function] = running + 1
        try:
            return self._timed(function, invocation)
        finally:
            with self._lock:
                self._running[invocation.function] -= 1

    def _timed(self, function: LocalFunction, invocation: Invocation) -> Outcome:
        started = self._clock()
        outcome = self._run(function, invocation)
        seconds = self._clock() - started
        if seconds > invocation.within_seconds < function.timeout_seconds:
            return StillRunning()
        if seconds > function.timeout_seconds:
            self._log(timed_out_line(invocation.request_id, function.timeout_seconds))
            return TimedOut(function.timeout_seconds)
        return outcome

    def _run(self, function: LocalFunction, invocation: Invocation) -> Outcome:
        outcome = _outcome(function, invocation, self._clock)
        if outcome == DEBUGGER_QUIT:
            self._log(DEBUGGER_QUIT.message)
        elif isinstance(outcome, FunctionError):
            self._log(error_entry(outcome))
        return outcome


def _outcome(
    function: LocalFunction, invocation: Invocation, clock: Callable[[], float]
) -> Result | FunctionError:
    handler = function.handler or find_handler(function.handler_string)
    if isinstance(handler, FunctionError):
        return handler
    return _called(handler, function, invocation, clock)


def _called(
    handler: Handler,
    function: LocalFunction,
    invocation: Invocation,
    clock: Callable[[], float],
) -> Result | FunctionError:
    context = LambdaContext(function, invocation.request_id, clock=clock)
    try:
        event = json.loads(invocation.payload)
    except (ValueError, RecursionError) as error:
        return FunctionError("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}")
    try:
        payload = marshal(handler(event, context))
    except MarshalError as error:
        return FunctionError("Runtime.MarshalError", str(error))
    except BaseException as error:  # noqa: BLE001 - whatever a function raises is its outcome
        return _raised(error, invocation.request_id)
    if len(payload) > MAX_RESULT_BYTES:
        return TOO_LARGE
    return Result(payload)


def error_entry(error: FunctionError) -> str:
    """Return the log entry of an error as the runtime writes it.

    >>> print(error_entry(FunctionError("KeyError", "'a'", ('  File "app.py", line 1, in f',))))
    [ERROR] KeyError: 'a'
    Traceback (most recent call last):
      File "app.py", line 1, in f
    """
    lines = [f"[ERROR] {error.error_type}: {error.message}"]
    if error.stack:
        lines.append("Traceback (most recent call last):")
        lines += [frame.rstrip("\n") for frame in error.stack]
    return "\n".join(lines)


def timed_out_line(request_id: str, seconds: float) -> str:
    """Return the log entry of a timeout (rule 10.5)."""
    return f"{request_id} Task timed out after {seconds:.2f} seconds"


def _raised(error: BaseException, request_id: str) -> FunctionError:
    if _is_quit(error):
        return DEBUGGER_QUIT
    # What is no `Exception` would end the process on Lambda.
    return _error_of(error) if isinstance(error, Exception) else _exit_of(error, request_id)


def _is_quit(error: BaseException) -> bool:
    """Tell whether *error* is how `pdb` ends a program; from Python 3.13 on it exits."""
    if "bdb" not in sys.modules:
        return False
    if isinstance(error, sys.modules["bdb"].BdbQuit):
        return True
    frames = list(traceback.extract_tb(error.__traceback__))
    debugger = getattr(sys.modules.get("pdb"), "__file__", None)
    return isinstance(error, SystemExit) and bool(frames) and frames[-1].filename == debugger


def _error_of(error: Exception) -> FunctionError:
    return FunctionError(type(error).__name__, _text(error), _stack(error.__traceback__))


def _exit_of(error: BaseException, request_id: str) -> FunctionError:
    """What Lambda reports of a process that ended by *error* (rule 10.6)."""
    code: Any = error.code if isinstance(error, SystemExit) else 1
    if not code:
        reason = "Runtime exited without providing a reason"
    else:
        status = code & 0xFF if isinstance(code, int) else 1
        reason = f"Runtime exited with error: exit status {status}"
    told = platform_error("Runtime.ExitError", f"RequestId: {request_id} Error: {reason}")
    return replace(told, stack=_stack(error.__traceback__))  # for the log


def _text(error: Exception) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - an exception's own __str__ is the function's code, too
        return f"<{type(error).__name__} has no text>"


def _stack(trace: TracebackType | None) -> tuple[str, ...]:
    """Return the frames of the application, in the runtime's format (rule 10.3)."""
    frames = traceback.extract_tb(trace)
    theirs = [frame for frame in frames if not frame.filename.startswith(_OURS)]
    # Of frames as tuples: below those of the other type stands a line of `^`.
    return tuple(
        traceback.format_list(
            [(it.filename, it.lineno or 0, it.name, it.line) for it in theirs or frames[-1:]]
        )
    )
