"""One execution environment: the phases of its life, from its init to the next request.

What lasts is the environment: its /tmp and its place among the others. The runtime's process is
started anew after it ended, ran out of time or of memory (rules 10.1, 10.5, 10.6).
"""

from __future__ import annotations

import time
from secrets import token_hex
from typing import TYPE_CHECKING

from chalice.invocation import FunctionError, TimedOut
from chalice.invoke.in_process import timed_out_line
from chalice.invoke.lambda_runtime import journal
from chalice.invoke.lambda_runtime.journal import Journal, Measured
from chalice.invoke.lambda_runtime.outcomes import Report, is_lambdas_own, status_of
from chalice.invoke.lambda_runtime.supervised import KILLED, Supervised

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice.invocation import Invocation, Outcome
    from chalice.invoke.functions import LocalFunction
    from chalice.invoke.lambda_runtime.host import Host
    from chalice.invoke.lambda_runtime.journal import Entry
    from chalice.invoke.lambda_runtime.setup import Setup

_REFUSED = "{who} asked for the events of a function, and was refused"

# How long a process that has told of its failure in init may take to end by itself.
_PARTING_SECONDS = 0.5


class Environment:
    """One environment of a function; carries out one invocation at a time.

    Args:
        function: what is run.
        setup: what the environment is made of.
        log: gets the entries of the function's log.
        notice: gets a sentence about what others do to the environment.
    """

    def __init__(
        self,
        function: LocalFunction,
        setup: Setup,
        *,
        log: Callable[[Entry], None],
        notice: Callable[[str], None],
    ) -> None:
        self._function = function
        self._setup = setup
        self._journal = Journal(function.name, log)
        self._supervised = Supervised(
            function,
            setup,
            written=self._journal.written,
            refused=lambda who: notice(_REFUSED.format(who=who.capitalize())),
        )
        self._fresh = True

    @property
    def usable(self) -> bool:
        """Whether it can carry out further invocations."""
        return self._supervised.lives

    @property
    def scratch(self) -> str:
        """Its folder for temporary files where there are no namespaces, else empty."""
        return self._supervised.scratch

    async def open(self, host: Host, *, first: bool = False) -> None:
        """Have *host* make the environment; its function is not loaded yet.

        Args:
            host: makes it.
            first: whether to try first that the interpreter starts in such an environment.

        Raises:
            NotIsolated: the system does not allow namespaces.
            OSError: the system does not allow processes or sockets.
        """
        await self._supervised.open(host, first=first)

    def close(self) -> None:
        """End everything that runs in the environment."""
        self._supervised.close()

    async def invoke(self, invocation: Invocation, answered: Callable[[Outcome], None]) -> Report:
        """Carry *invocation* out; *answered* is called as soon as its outcome is known.

        The function's environment is ready for the next one when this returns.
        """
        request_id = invocation.request_id
        self._journal.open()
        init_seconds = await self._first_init() if self._fresh else None
        self._supervised.drain()
        self._journal.attribute(request_id)
        self._journal.platform(journal.start_line(request_id))
        started = time.monotonic()
        deadline = started + self._function.timeout_seconds
        failed = await self._init_again(request_id, deadline)
        outcome = failed or await self._handler(invocation, deadline)
        answered(outcome)
        await self._rest(outcome, deadline)
        self._supervised.drain()
        status = status_of(outcome) if failed or is_lambdas_own(outcome) else ("", "")
        seconds = time.monotonic() - started
        if isinstance(outcome, TimedOut):
            seconds = outcome.seconds
        measured = Measured(seconds, init_seconds, self._supervised.peak_kb, *status)
        self._say_end(request_id, outcome, measured)
        return Report(outcome, measured)

    async def _first_init(self) -> float | None:
        """Start the runtime in the init phase; return how long it took, None where it failed."""
        self._fresh = False
        version = ".".join(map(str, self._setup.interpreter.version))
        self._journal.platform(journal.init_start_line(version, self._function.region))
        started = time.monotonic()
        failed = await self._init(started + self._setup.init_seconds, "")
        seconds = time.monotonic() - started
        if failed is None:
            return seconds
        self._supervised.drain()
        self._journal.platform(journal.init_report_line(seconds, "init", *status_of(failed)))
        return None

    async def _init_again(self, request_id: str, deadline: float) -> Outcome | None:
        """Start the runtime where it does not run, in the time of the function (rule 10.2)."""
        if not self._supervised.runtime.ended.done():
            return None
        started = time.monotonic()
        failed = await self._init(deadline, request_id)
        if failed is not None:
            self._supervised.drain()
            seconds = time.monotonic() - started
            self._journal.platform(journal.init_report_line(seconds, "invoke", *status_of(failed)))
        return failed

    async def _init(self, deadline: float, request_id: str) -> FunctionError | TimedOut | None:
        runtime = self._supervised.start()
        await runtime.wait(runtime.ready, runtime.init_error, deadline=deadline)
        if runtime.ended.done():
            told = runtime.init_error.result() if runtime.init_error.done() else None
            return told or runtime.ended.result().error(request_id)
        if runtime.ready.done():
            return None
        if runtime.init_error.done():
            await runtime.wait(deadline=time.monotonic() + _PARTING_SECONDS)
            await self._supervised.stop()
            return runtime.init_error.result()
        await self._supervised.stop()
        return TimedOut(self._function.timeout_seconds)

    async def _handler(self, invocation: Invocation, deadline: float) -> Outcome:
        """Hand the event over, and wait for what the function makes of it."""
        runtime = self._supervised.runtime
        self._supervised.thaw()
        headers = _headers(self._function, invocation, deadline)
        if not runtime.deliver(invocation.request_id, headers, invocation.payload):
            return KILLED.error(invocation.request_id)  # it ended a moment ago
        await runtime.wait(runtime.reply, deadline=deadline)
        if runtime.reply.done():
            return runtime.reply.result()
        if runtime.ended.done():
            return runtime.ended.result().error(invocation.request_id)
        # Its processes are ended once this is answered: there may be many.
        return TimedOut(self._function.timeout_seconds)

    async def _rest(self, outcome: Outcome, deadline: float) -> None:
        """Wait until the runtime asks for more, and freeze it; end it where it does not ask."""
        runtime = self._supervised.runtime
        if isinstance(outcome, TimedOut):
            await self._supervised.stop()
            return
        await runtime.wait(runtime.ready, deadline=deadline)
        if runtime.ended.done():
            return
        if runtime.ready.done():
            await self._supervised.freeze()
        else:
            await self._supervised.stop()

    def _say_end(self, request_id: str, outcome: Outcome, measured: Measured) -> None:
        if isinstance(outcome, TimedOut):
            self._journal.platform(timed_out_line(request_id, outcome.seconds))
        elif isinstance(outcome, FunctionError) and is_lambdas_own(outcome):
            self._journal.platform(f"{outcome.message}\n{outcome.error_type}")
        self._journal.platform(journal.end_line(request_id))
        line = journal.report_line(request_id, measured, self._function.memory_mb)
        self._journal.platform(line)


def _headers(function: LocalFunction, invocation: Invocation, deadline: float) -> dict[str, str]:
    """Return what the runtime is told of an event beside its payload."""
    deadline_ms = round((time.time() + deadline - time.monotonic()) * 1000)
    return {
        "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
        "Lambda-Runtime-Deadline-Ms": str(deadline_ms),
        "Lambda-Runtime-Invoked-Function-Arn": function.arn,
        "Lambda-Runtime-Trace-Id": invocation.trace_id or _trace_id(),
    }


def _trace_id() -> str:
    """Return a trace header of an invocation that nobody traces.

    Source: X-Ray developer guide, "Tracing header".
    """
    return f"Root=1-{int(time.time()):08x}-{token_hex(12)};Parent={token_hex(8)};Sampled=0"
