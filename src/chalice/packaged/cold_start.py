"""How long a function takes to start: its package, loaded by Lambda's runtime client.

A start ends when the client asks for its first event; no handler is called. Starts of all
functions take turns, so that a busy moment of the machine does not hit one of them alone. What the
client takes by itself is measured beside them, with a handler that does nothing.
"""

from __future__ import annotations

import asyncio
import os
import signal
import statistics
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalice.diagnostics import ToolError
from chalice.invoke.functions import LocalFunction
from chalice.invoke.lambda_runtime import memory
from chalice.invoke.lambda_runtime.interpreter import ask
from chalice.invoke.lambda_runtime.outcomes import reported_error
from chalice.invoke.lambda_runtime.peers import Processes
from chalice.invoke.lambda_runtime.runtime_api import RuntimeApi
from chalice.invoke.lambda_runtime.setup import INIT_SECONDS, Setup
from chalice.packaged.import_times import Import, imports_of

if TYPE_CHECKING:
    import resource
    from collections.abc import Callable, Mapping, Sequence

    from chalice.bundle.parts import Progress
    from chalice.invocation import FunctionError
    from chalice.invoke.lambda_runtime.setup import Command
    from chalice.packaged.running import Runnable

RUNS = 5

_BARE = "def handler(event, context):\n    return None\n"


@dataclass(frozen=True, slots=True)
class Start:
    """One start.

    Attributes:
        seconds: from the process to the first question for an event.
        cpu_seconds: what processors worked meanwhile.
        peak_kb: the most memory that was in use.
        said: what the process wrote.
    """

    seconds: float
    cpu_seconds: float
    peak_kb: int
    said: str


@dataclass(frozen=True, slots=True)
class ColdStart:
    """The starts of one function.

    Attributes:
        function: its name in the application; empty for the client by itself.
        starts: as they came.
        imports: what it imports that the client does not, each where it is imported first.
    """

    function: str
    starts: tuple[Start, ...]
    imports: tuple[Import, ...]

    @property
    def median_ms(self) -> float:
        """The time in the middle, in milliseconds."""
        return statistics.median(start.seconds for start in self.starts) * 1000

    @property
    def fastest_ms(self) -> float:
        """The shortest time, in milliseconds."""
        return min(start.seconds for start in self.starts) * 1000

    @property
    def slowest_ms(self) -> float:
        """The longest time, in milliseconds."""
        return max(start.seconds for start in self.starts) * 1000

    @property
    def cpu_ms(self) -> float:
        """The work in the middle, in milliseconds."""
        return statistics.median(start.cpu_seconds for start in self.starts) * 1000

    @property
    def peak_mb(self) -> float:
        """The most memory in use, in MB."""
        return max(start.peak_kb for start in self.starts) / 1024

    @property
    def modules(self) -> int:
        """How many modules it imports that the client does not."""
        return len(self.imports)


class DoesNotStart(ToolError):
    """A function cannot be started.

    Attributes:
        function: its name in the application.
        said: what it wrote.
    """

    def __init__(self, function: str, reason: str, said: str = "") -> None:
        super().__init__(f"`{function}` does not start: {reason}")
        self.function = function
        self.said = said


def measure(
    runnable: Runnable,
    names: Mapping[str, str],
    *,
    runs: int = RUNS,
    progress: Progress,
) -> tuple[ColdStart, tuple[ColdStart, ...]]:
    """Return what the client takes by itself, and what each function takes.

    Args:
        runnable: the package.
        names: the functions' names in the application, by what `Runnable.functions` calls them.
        runs: how often each is started.
        progress: is told how many starts there have been.

    Raises:
        DoesNotStart: a function fails or hangs when it is loaded.
    """
    functions = {name: runnable.functions[key] for key, name in names.items()}
    # In the package's folder: it goes with that, although this process may be killed.
    with tempfile.TemporaryDirectory(prefix="bare-", dir=runnable.folder) as scratch:
        Path(scratch, "bare.py").write_text(_BARE, encoding="utf-8")
        package = Setup(
            task_root=runnable.task_root,
            ric=runnable.client,
            interpreter=ask(runnable.interpreter),
            python=runnable.packaged.bundle.target.python,
            layer_root=runnable.layer_root,
            called_by=runnable.called_by,
            isolated=False,
        )
        bare = replace(package, task_root=Path(scratch), layer_root=None)
        folder = str(runnable.folder)
        jobs = [_Job(name, package, function, folder) for name, function in functions.items()]
        alone = LocalFunction("bare", handler_string="bare.handler")
        return _measured([_Job("", bare, alone, folder), *jobs], runs, progress)


@dataclass(frozen=True, slots=True)
class _Job:
    """One function to start.

    Attributes:
        name: its name in the application; empty for the client by itself.
        setup: what it is started with.
        function: what is loaded.
        scratch: where its folders for temporary files are made.
    """

    name: str
    setup: Setup
    function: LocalFunction
    scratch: str


def _measured(
    jobs: Sequence[_Job],
    runs: int,
    progress: Progress,
) -> tuple[ColdStart, tuple[ColdStart, ...]]:
    starts: dict[str, list[Start]] = {job.name: [] for job in jobs}
    total, done = (runs + 1) * len(jobs), 0
    for _ in range(runs):
        for job in jobs:
            starts[job.name].append(_start(job))
            done += 1
            progress("Starting functions", done, total)
    imports: dict[str, tuple[Import, ...]] = {}
    for job in jobs:
        imports[job.name] = imports_of(_start(job, ("-X", "importtime")).said)
        done += 1
        progress("Starting functions", done, total)
    of_client = {item.name for item in imports[""]}
    found = [
        ColdStart(
            job.name,
            tuple(starts[job.name]),
            tuple(
                item
                for item in (*_loaded(job.function), *imports[job.name])
                if not job.name or item.name not in of_client
            ),
        )
        for job in jobs
    ]
    return found[0], tuple(found[1:])


def _loaded(function: LocalFunction) -> tuple[Import, ...]:
    """Return the module that the client loads by its name: of it `-X importtime` says nothing."""
    module = function.handler_string.rpartition(".")[0]
    return (Import(module, 0, 0, 0),)


def _start(job: _Job, options: tuple[str, ...] = ()) -> Start:
    """Start a function once, and end it."""
    return asyncio.run(_started(job, options))


async def _started(job: _Job, options: tuple[str, ...]) -> Start:
    listener = _FirstQuestion()
    api = RuntimeApi(listener, _unheard)
    api.processes = Processes(os.getpid(), os.geteuid())
    await api.open()
    with tempfile.TemporaryDirectory(prefix="tmp-", dir=job.scratch) as scratch:
        command = job.setup.command(job.function, *options, api=api.address, scratch=scratch)
        try:
            return await _run(job.name, command, listener)
        finally:
            api.close()


def _unheard(who: str) -> None:
    """Say nothing of who else asks: there is nothing to be had."""
    del who


class _FirstQuestion:
    """Waits for what the runtime client says first."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.asked: asyncio.Future[float] = loop.create_future()
        self.failure: FunctionError | None = None

    def wants_next(self, deliver: Callable[[Mapping[str, str], bytes], None]) -> bool:
        """Note the time; there is no event to deliver."""
        del deliver
        if not self.asked.done():
            self.asked.set_result(time.perf_counter())
        return True

    def answered(self, request_id: str, payload: bytes | None) -> bool:
        """Refuse: nothing was asked."""
        del request_id, payload
        return False

    def failed(self, request_id: str, payload: bytes) -> bool:
        """Refuse: nothing was asked."""
        del request_id, payload
        return False

    def failed_init(self, payload: bytes) -> bool:
        """Note why the function cannot be loaded."""
        self.failure = reported_error(payload)
        return True


async def _run(name: str, command: Command, listener: _FirstQuestion) -> Start:
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - an interpreter of the user's and their function
            command.arguments,
            env=command.environment,
            cwd=command.directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        ended = asyncio.ensure_future(_ended(process))
        first: set[asyncio.Future[Any]] = {listener.asked, ended}
        try:
            await asyncio.wait(first, timeout=INIT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ended.cancel()
            with suppress(asyncio.CancelledError):
                await ended
            # `wait4` knows a peak too, but counts the memory shared with us before `exec`.
            peak_kb = memory.peak_kb(process.pid)
            used = _killed(process)
        output.seek(0)
        said = output.read().decode("utf-8", "replace")
    if not listener.asked.done():
        raise DoesNotStart(name, _reason(listener, process), said)
    return Start(listener.asked.result() - began, used.ru_utime + used.ru_stime, peak_kb, said)


async def _ended(process: subprocess.Popen[bytes]) -> None:
    """Wait until *process* has ended, without taking note of how: that says what it used, too."""
    while True:
        found = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if found is not None:
            return
        await asyncio.sleep(0.01)


def _killed(process: subprocess.Popen[bytes]) -> resource.struct_rusage:
    """End *process* and all that it has started, and return what it used."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return used


def _reason(listener: _FirstQuestion, process: subprocess.Popen[bytes]) -> str:
    failure = listener.failure
    if failure is not None:
        return f"{failure.error_type}: {failure.message}"
    if process.returncode == -signal.SIGKILL:
        return f"it has not come to its end in {INIT_SECONDS:.0f} s, the time of an init on Lambda"
    return f"its process ended with status {process.returncode}"
