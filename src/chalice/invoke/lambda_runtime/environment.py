"""One execution environment: a process that runs a function, from its init to the next request.

What lasts is the environment: its /tmp and its place among the others. The runtime's process is
started anew after it ended, ran out of time or of memory (rules 10.1, 10.5, 10.6).
"""

from __future__ import annotations

import asyncio
import signal
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from chalice.diagnostics import ToolError
from chalice.invocation import TOO_LARGE, FunctionError, Result, TimedOut
from chalice.invoke.in_process import timed_out_line
from chalice.invoke.lambda_runtime import journal
from chalice.invoke.lambda_runtime.folders import remove
from chalice.invoke.lambda_runtime.host import Cell
from chalice.invoke.lambda_runtime.journal import Journal, Measured
from chalice.invoke.lambda_runtime.outcomes import (
    End,
    Report,
    is_lambdas_own,
    reported_error,
    status_of,
)
from chalice.invoke.lambda_runtime.runtime_api import RuntimeApi
from chalice.invoke.lambda_runtime.sandbox import Places
from chalice.invoke.lambda_runtime.variables import Roots, log_stream, variables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalice.invocation import Invocation, Outcome
    from chalice.invoke.functions import LocalFunction
    from chalice.invoke.lambda_runtime.host import Host
    from chalice.invoke.lambda_runtime.interpreter import Interpreter
    from chalice.invoke.lambda_runtime.journal import Entry

_BOOTSTRAP = Path(__file__).with_name("bootstrap.py")

# Source: rule 10.2.
INIT_SECONDS = 10.0

# How long a process that has told of its failure in init may take to end by itself.
_PARTING_SECONDS = 0.5

# How long the first process of an environment may take to obey.
_OBEY_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Setup:
    """What environments are made of.

    Attributes:
        task_root: the unpacked package.
        ric: the folder with the runtime client, and what else Lambda's image has.
        interpreter: runs the functions.
        python: the version that the package is for.
        layer_root: the unpacked layers.
        called_by: what `variables.caller` found.
        isolated: whether to use namespaces.
        init_seconds: how long the init phase may take.
    """

    task_root: Path
    ric: Path
    interpreter: Interpreter
    python: tuple[int, int]
    layer_root: Path | None = None
    called_by: Mapping[str, str] = field(default_factory=dict[str, str])
    isolated: bool = True
    init_seconds: float = INIT_SECONDS

    def places(self) -> Places:
        """Return where things are on this machine."""
        return Places(
            task=str(self.task_root),
            runtime=str(self.ric),
            bootstrap=str(_BOOTSTRAP),
            layer=str(self.layer_root or ""),
            visible=tuple(map(str, self.interpreter.folders)),
            hidden=tuple(map(str, self.interpreter.packages)),
        )


class NotIsolated(ToolError):
    """The system does not allow an environment with namespaces."""


class _Process:
    """One run of the runtime, as far as it has told."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.ready: asyncio.Future[None] = loop.create_future()
        self.ended: asyncio.Future[End] = loop.create_future()
        self.failed_init: asyncio.Future[FunctionError] = loop.create_future()
        self.deliver: Callable[[Mapping[str, str], bytes], None] | None = None
        self.running = ""  # the request that it works at
        self.reply: asyncio.Future[Result | FunctionError] = loop.create_future()


class Environment:
    """One environment of a function; carries out one invocation at a time.

    Args:
        function: what is run.
        setup: what the environment is made of.
        host: makes it.
        log: gets the entries of the function's log.
        first: whether to try first that the interpreter starts in such an environment.

    Attributes:
        scratch: the folder for temporary files where there are no namespaces; its first process
            removes it. Else empty.
    """

    def __init__(
        self,
        function: LocalFunction,
        setup: Setup,
        host: Host,
        log: Callable[[Entry], None],
        *,
        first: bool = False,
    ) -> None:
        self._first = first
        self.function = function
        self._setup = setup
        self._host = host
        self._journal = Journal(function.name, log)
        self._process: _Process | None = None
        self._cell: Cell | None = None
        self._stream = log_stream()
        self._api = RuntimeApi(self)
        self.scratch = ""
        self._fresh = True
        self._frozen: asyncio.Future[None] | None = None
        self._is_frozen = False
        self._peak_kb = 0
        self._opened: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    @property
    def usable(self) -> bool:
        """Whether it can carry out further invocations."""
        return self._cell is not None

    # --- making and ending ---------------------------------------------------------------------

    async def open(self) -> None:
        """Make the environment; its function is not loaded yet.

        Raises:
            NotIsolated: the system does not allow namespaces.
            OSError: the system does not allow processes or sockets.
        """
        setup = self._setup
        if not setup.isolated:
            self.scratch = tempfile.mkdtemp(prefix="chalice-tmp-")
        order = {
            "isolated": setup.isolated,
            "places": asdict(setup.places()),
            "memory_mb": self.function.memory_mb,
            "scratch": self.scratch,
            "program": str(setup.interpreter.program),
            "first": self._first,
        }
        try:
            ends = self._host.open(order)
            self._cell = Cell(*ends, told=self._told, written=self._journal.written)
            await self._api.open()
            refusal = await asyncio.wait_for(asyncio.shield(self._opened), _OBEY_SECONDS)
        except BaseException:
            self.close()
            if self.scratch:
                remove(Path(self.scratch))
            raise
        if refusal:
            self.close()
            raise NotIsolated(refusal)

    def close(self) -> None:
        """End everything that runs in the environment."""
        self._api.close()
        if self._cell is not None:
            self._cell.close()
            self._cell = None
        self._ended(End(-signal.SIGKILL))

    def _told(self, message: dict[str, Any] | None) -> None:
        """Hear what the first process of the environment says."""
        if message is None:
            if not self._opened.done():
                self._opened.set_exception(ChildProcessError("its first process has ended"))
            self._drain()
            self.close()
            return
        self._peak_kb = max(self._peak_kb, message.get("peak_kb", 0))
        if "ended" in message:
            self._ended(End(message["ended"], message["out_of_memory"]))
        elif "frozen" in message:
            if self._frozen is not None and not self._frozen.done():
                self._frozen.set_result(None)
        elif not self._opened.done():
            self._opened.set_result(message.get("refused", ""))

    def _ended(self, end: End) -> None:
        process, self._process = self._process, None
        if process is not None and not process.ended.done():
            process.ended.set_result(end)
        self._is_frozen = False
        if self._frozen is not None and not self._frozen.done():
            self._frozen.set_result(None)

    # --- what the runtime says -----------------------------------------------------------------

    def wants_next(self, deliver: Callable[[Mapping[str, str], bytes], None]) -> bool:
        """Note that the runtime is ready."""
        process = self._process
        if process is None or process.running:
            return False
        process.deliver = deliver
        if not process.ready.done():
            process.ready.set_result(None)
        return True

    def answered(self, request_id: str, payload: bytes | None) -> bool:
        """Take the function's result."""
        return self._settle(request_id, TOO_LARGE if payload is None else Result(payload))

    def failed(self, request_id: str, payload: bytes) -> bool:
        """Take the error that the function raised."""
        return self._settle(request_id, reported_error(payload))

    def failed_init(self, payload: bytes) -> bool:
        """Take the error of the init phase."""
        process = self._process
        if process is None or process.ready.done() or process.failed_init.done():
            return False
        process.failed_init.set_result(reported_error(payload))
        return True

    def _settle(self, request_id: str, outcome: Result | FunctionError) -> bool:
        process = self._process
        if process is None or not process.running or process.running != request_id:
            return False
        process.running = ""
        process.ready = asyncio.get_running_loop().create_future()
        process.reply.set_result(outcome)
        return True

    # --- one invocation ------------------------------------------------------------------------

    async def invoke(self, invocation: Invocation, answered: Callable[[Outcome], None]) -> Report:
        """Carry *invocation* out; *answered* is called as soon as its outcome is known.

        The function's environment is ready for the next one when this returns.
        """
        request_id = invocation.request_id
        self._journal.open()
        init_seconds = await self._first_init() if self._fresh else None
        self._drain()
        self._journal.attribute(request_id)
        self._journal.platform(journal.start_line(request_id))
        started = time.monotonic()
        deadline = started + self.function.timeout_seconds
        failed = await self._init_again(request_id, deadline)
        outcome = failed or await self._handler(invocation, deadline)
        answered(outcome)
        await self._rest(deadline)
        self._drain()
        status = status_of(outcome) if failed or is_lambdas_own(outcome) else ("", "")
        seconds = time.monotonic() - started
        if isinstance(outcome, TimedOut):
            seconds = outcome.seconds
        measured = Measured(seconds, init_seconds, self._peak_kb, *status)
        self._say_end(request_id, outcome, measured)
        return Report(outcome, self._journal.tail, measured)

    def _say_end(self, request_id: str, outcome: Outcome, measured: Measured) -> None:
        if isinstance(outcome, TimedOut):
            self._journal.platform(timed_out_line(request_id, outcome.seconds))
        elif isinstance(outcome, FunctionError) and is_lambdas_own(outcome):
            self._journal.platform(f"{outcome.message}\n{outcome.error_type}")
        self._journal.platform(journal.end_line(request_id))
        line = journal.report_line(request_id, measured, self.function.memory_mb)
        self._journal.platform(line)

    async def _first_init(self) -> float | None:
        """Start the runtime in the init phase; return how long it took, None where it failed."""
        self._fresh = False
        version = ".".join(map(str, self._setup.interpreter.version))
        self._journal.platform(f"INIT_START Runtime Version: python:{version}")
        started = time.monotonic()
        failed = await self._init(started + self._setup.init_seconds, "")
        seconds = time.monotonic() - started
        if failed is None:
            return seconds
        self._drain()
        self._journal.platform(journal.init_report_line(seconds, "init", *status_of(failed)))
        return None

    async def _init_again(self, request_id: str, deadline: float) -> Outcome | None:
        """Start the runtime where it does not run, in the time of the function (rule 10.2)."""
        if self._process is not None:
            return None
        started = time.monotonic()
        failed = await self._init(deadline, request_id)
        if failed is not None:
            self._drain()
            seconds = time.monotonic() - started
            self._journal.platform(journal.init_report_line(seconds, "invoke", *status_of(failed)))
        return failed

    async def _init(self, deadline: float, request_id: str) -> FunctionError | TimedOut | None:
        process = self._start()
        futures: set[asyncio.Future[Any]] = {process.ready, process.failed_init, process.ended}
        await _first(futures, deadline)
        if process.ended.done():
            return _init_error(process) or process.ended.result().error(request_id)
        if process.ready.done():
            return None
        if process.failed_init.done():
            await _first({process.ended}, time.monotonic() + _PARTING_SECONDS)
            await self._stop(process)
            return process.failed_init.result()
        await self._stop(process)
        return TimedOut(self.function.timeout_seconds)

    def _start(self) -> _Process:
        setup = self._setup
        roots = Roots()
        if not setup.isolated:
            layer = str(setup.layer_root or "/opt")
            roots = Roots(str(setup.task_root), str(setup.ric), layer, self.scratch)
        program = str(setup.interpreter.program)
        environment = variables(
            self.function,
            roots,
            api=self._api.address,
            runtime=f"python{setup.python[0]}.{setup.python[1]}",
            programs=str(setup.interpreter.program.parent),
            called_by=setup.called_by,
            stream=self._stream,
        )
        # Without namespaces the machine's own packages are in sight, and so are files of ours.
        start = [f"{roots.runtime}/bootstrap.py"] if setup.isolated else ["-SP", str(_BOOTSTRAP)]
        command = [program, *start, self.function.handler_string, roots.layer]
        process = self._process = _Process()
        self._peak_kb = 0
        self._send(
            {"do": "run", "command": command, "environment": environment, "directory": roots.task}
        )
        if self._cell is None:
            self._ended(End(-signal.SIGKILL))
        return process

    async def _handler(self, invocation: Invocation, deadline: float) -> Outcome:
        process = self._process
        if process is None or process.deliver is None:  # it ended a moment ago
            return End(-signal.SIGKILL).error(invocation.request_id)
        if self._is_frozen:
            self._is_frozen = False
            self._send({"do": "thaw"})
        process.running = invocation.request_id
        process.reply = asyncio.get_running_loop().create_future()
        deliver, process.deliver = process.deliver, None
        deliver(self._headers(invocation, deadline), invocation.payload)
        await _first({process.reply, process.ended}, deadline)
        if process.reply.done():
            return process.reply.result()
        if process.ended.done():
            return process.ended.result().error(invocation.request_id)
        await self._stop(process)
        return TimedOut(self.function.timeout_seconds)

    def _headers(self, invocation: Invocation, deadline: float) -> dict[str, str]:
        deadline_ms = round((time.time() + deadline - time.monotonic()) * 1000)
        return {
            "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
            "Lambda-Runtime-Deadline-Ms": str(deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": self.function.arn,
            "Lambda-Runtime-Trace-Id": invocation.trace_id or _trace_id(),
        }

    async def _rest(self, deadline: float) -> None:
        """Wait until the runtime asks for more, and freeze it; end it where it does not ask."""
        process = self._process
        if process is None:
            return
        await _first({process.ready, process.ended}, deadline)
        if process.ended.done():
            return
        if not process.ready.done():
            await self._stop(process)
            return
        self._frozen = asyncio.get_running_loop().create_future()
        self._is_frozen = True
        self._send({"do": "freeze"})
        await _first({self._frozen, process.ended}, time.monotonic() + _OBEY_SECONDS)

    async def _stop(self, process: _Process) -> None:
        """End every process of the environment but the first."""
        if process.ended.done():
            return
        self._send({"do": "end"})
        await _first({process.ended}, time.monotonic() + _OBEY_SECONDS)
        if not process.ended.done():
            self.close()

    def _send(self, message: dict[str, Any]) -> None:
        if self._cell is not None:
            self._cell.send(message)

    def _drain(self) -> None:
        """Take in what the function wrote up to now."""
        if self._cell is not None:
            self._cell.drain()


async def _first(futures: set[asyncio.Future[Any]], deadline: float) -> None:
    """Wait until one of *futures* is done, or until the *deadline*."""
    if any(future.done() for future in futures):
        return
    timeout = max(0, deadline - time.monotonic())
    await asyncio.wait(futures, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)


def _init_error(process: _Process) -> FunctionError | None:
    return process.failed_init.result() if process.failed_init.done() else None


def _trace_id() -> str:
    """Return a trace header of an invocation that nobody traces.

    Source: X-Ray developer guide, "Tracing header".
    """
    return f"Root=1-{int(time.time()):08x}-{token_hex(12)};Parent={token_hex(8)};Sampled=0"
