"""The execution environments of a package's functions: as many as there are requests at a time."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import deque
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from chalice.diagnostics import ToolError
from chalice.invocation import NotInvocable, StillRunning, Throttled
from chalice.invoke.lambda_runtime.environment import Environment
from chalice.invoke.lambda_runtime.folders import open_to_all, remove
from chalice.invoke.lambda_runtime.host import Host
from chalice.invoke.lambda_runtime.interpreter import ask
from chalice.invoke.lambda_runtime.outcomes import Report
from chalice.invoke.lambda_runtime.setup import INIT_SECONDS, Setup
from chalice.invoke.lambda_runtime.supervised import NotIsolated
from chalice.invoke.lambda_runtime.variables import caller

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalice.invocation import Invocation, Outcome
    from chalice.invoke.functions import LocalFunction
    from chalice.invoke.lambda_runtime.journal import Entry

# Most environments of all functions together. Each is an interpreter with the function's memory;
# an account has 1,000 by default.
MOST_ENVIRONMENTS = 50

# How long a request waits for an environment that has just answered another one, before it gets
# a new one, or one that idles: the runtime asks for its next event at once.
_SOON_SECONDS = 0.1
_AT_ONCE_SECONDS = 0.005

# How long it waits for one where no new one can be made.
_LATE_SECONDS = 5.0


_WRITE = 0o222


class _Pool:
    """The environments of one function."""

    def __init__(self) -> None:
        self.idle: list[Environment] = []  # the one used last is last
        self.unanswered = 0
        self.about_to_rest = 0
        self.waiting: deque[asyncio.Future[Environment | None]] = deque()

    def patience(self, limit: int | None) -> float | None:
        """Return how long to wait for an environment that has answered; None: until it rests."""
        if limit is not None and self.unanswered + self.about_to_rest > limit:
            return None
        return _AT_ONCE_SECONDS if self.idle else _SOON_SECONDS

    async def rested(self, timeout: float | None) -> Environment | None:
        """Return an environment that has answered and rests within *timeout*, if there is one."""
        soon: asyncio.Future[Environment | None] = asyncio.get_running_loop().create_future()
        self.waiting.append(soon)
        await asyncio.wait({soon}, timeout=timeout)
        with suppress(ValueError):
            self.waiting.remove(soon)
        return soon.result() if soon.done() else None


class Environments:
    """Invokes functions in execution environments; lives on one event loop.

    Args:
        functions: what can be invoked, by the name that invocations use.
        task_root: the unpacked package.
        interpreter: a Python that runs the functions.
        ric: the folder with `awslambdaric` and what else Lambda's image has.
        log: gets each entry of the functions' logs, on the loop.
        notice: gets a sentence about how this machine differs from Lambda, or what its programs
            try, each once.
        python: the version that the package is for; that of *interpreter* unless given.
        layer_root: the unpacked layers.
        called_by: what `variables.caller` found.
        most_environments: of all functions together; beyond it requests are throttled.
        isolated: whether to use namespaces where the system allows them.
        init_seconds: how long the init phase may take.
        orphan: a folder of the caller's for what does not last, temporary files of functions among
            it; it is removed where this process is killed.

    Raises:
        ToolError: this system or *interpreter* cannot run functions.
    """

    def __init__(
        self,
        functions: Mapping[str, LocalFunction],
        task_root: Path,
        interpreter: Path,
        ric: Path,
        *,
        log: Callable[[Entry], None],
        notice: Callable[[str], None],
        python: tuple[int, int] | None = None,
        layer_root: Path | None = None,
        called_by: Mapping[str, str] | None = None,
        most_environments: int = MOST_ENVIRONMENTS,
        isolated: bool = True,
        init_seconds: float = INIT_SECONDS,
        orphan: Path | None = None,
    ) -> None:
        if sys.platform != "linux":
            raise ToolError(_NOT_LINUX)
        described = ask(interpreter)
        self._functions = functions
        self._setup = Setup(
            task_root=task_root.resolve(),
            ric=ric.resolve(),
            interpreter=described,
            python=python or described.minor,
            layer_root=layer_root.resolve() if layer_root else None,
            called_by=caller({}) if called_by is None else called_by,
            isolated=isolated,
            init_seconds=init_seconds,
            folder=orphan,
        )
        self._log = log
        self._notice = notice
        self._most = most_environments
        self._host = Host(str(orphan or ""))
        self._pools: dict[str, _Pool] = {}
        self._environments: set[Environment] = set()
        self._opening = 0
        self._tasks: set[asyncio.Task[Report]] = set()
        self._closed = False
        self._untried = True
        self._said: set[str] = set()
        self._scratch: set[str] = set()
        self._protected: list[tuple[Path, int]] = []
        if not os.geteuid():  # functions are not root, who made these with an umask of his own
            for root in filter(None, (task_root, layer_root, ric)):
                open_to_all(root)
        if not isolated:
            self._protect()

    async def invoke(self, invocation: Invocation) -> Outcome:
        """Return what came of *invocation* as soon as it is known; never raise."""
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._begin(invocation, answer)
        function = self._functions.get(invocation.function)
        # A function that must end before its caller gives up is waited for, its start included.
        patient = function is None or function.timeout_seconds <= invocation.within_seconds
        await asyncio.wait({answer}, timeout=None if patient else invocation.within_seconds)
        return answer.result() if answer.done() else StillRunning()

    async def report(self, invocation: Invocation) -> Report:
        """Return what came of *invocation* with its log, once it has ended; never raise."""
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        task = self._begin(invocation, answer)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if not task.cancelled():
                raise
            return Report(_CLOSED)

    async def drained(self) -> None:
        """Wait until every function has ended, those that nobody waits for among them."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """End every environment; invocations that run are not answered by their functions."""
        self._closed = True
        for environment in self._environments:
            environment.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._host.close()
        for folder in self._scratch:  # of environments whose first process was killed
            remove(Path(folder))
        for path, mode in self._protected:
            with suppress(OSError):
                path.chmod(mode)

    def _begin(
        self, invocation: Invocation, answer: asyncio.Future[Outcome]
    ) -> asyncio.Task[Report]:
        """Carry *invocation* out whether or not anybody waits for it."""
        task = asyncio.get_running_loop().create_task(self._carry_out(invocation, answer))
        self._tasks.add(task)

        def ended(_: object) -> None:
            self._tasks.discard(task)
            if answer.done():
                return
            error = None if task.cancelled() else task.exception()
            answer.set_result(NotInvocable(f"a bug in Chalice: {error!r}") if error else _CLOSED)

        task.add_done_callback(ended)
        return task

    async def _carry_out(self, invocation: Invocation, answer: asyncio.Future[Outcome]) -> Report:
        function = self._functions.get(invocation.function)
        if function is None:
            refusal: Outcome = NotInvocable(f"there is no function `{invocation.function}` here")
        elif function.absent:
            refusal = NotInvocable(function.absent)
        elif self._closed:
            refusal = _CLOSED
        else:
            pool = self._pools.setdefault(function.name, _Pool())
            limit = function.reserved_concurrency
            if limit is None or pool.unanswered < limit:
                return await self._with_environment(function, pool, invocation, answer)
            refusal = Throttled()
        answer.set_result(refusal)
        return Report(refusal)

    async def _with_environment(
        self,
        function: LocalFunction,
        pool: _Pool,
        invocation: Invocation,
        answer: asyncio.Future[Outcome],
    ) -> Report:
        pool.unanswered += 1
        rests = False

        def answered(outcome: Outcome) -> None:
            nonlocal rests
            if not rests:
                rests = True
                pool.unanswered -= 1
                pool.about_to_rest += 1
            if not answer.done():
                answer.set_result(outcome)

        environment: Environment | None = None
        try:
            found = await self._acquire(function, pool)
            if not isinstance(found, Environment):
                answer.set_result(found)
                return Report(found)
            environment = found
            return await environment.invoke(invocation, answered)
        except BaseException:
            if environment is not None:  # nobody knows what it is doing
                environment.close()
            raise
        finally:
            if rests:
                pool.about_to_rest -= 1
            else:
                pool.unanswered -= 1
            if environment is not None:
                self._release(pool, environment)

    async def _acquire(self, function: LocalFunction, pool: _Pool) -> Environment | Outcome:
        if pool.about_to_rest > len(pool.waiting):
            rested = await pool.rested(pool.patience(function.reserved_concurrency))
            if rested is not None:
                return rested
        while pool.idle:
            environment = pool.idle.pop()
            if environment.usable:
                return environment
            self._environments.discard(environment)
        if not self._room():
            return Throttled()
        try:
            return await self._open(function)
        except (OSError, ToolError) as error:
            if pool.about_to_rest > len(pool.waiting):
                # One that ends what ran too long may have taken all that the user may have.
                rested = await pool.rested(_LATE_SECONDS)
                if rested is not None:
                    return rested
            return NotInvocable(f"no execution environment can be made: {error}")

    def _release(self, pool: _Pool, environment: Environment) -> None:
        if not environment.usable:
            self._environments.discard(environment)
            environment.close()
        while pool.waiting:
            soon = pool.waiting.popleft()
            if not soon.done():
                soon.set_result(environment if environment.usable else None)
                return
        if environment.usable:
            pool.idle.append(environment)

    def _room(self) -> bool:
        """Make room for one more environment, at the cost of one that idles; tell if there is."""
        if len(self._environments) + self._opening < self._most:
            return True
        for pool in self._pools.values():
            if pool.idle:
                oldest = pool.idle.pop(0)
                oldest.close()
                self._environments.discard(oldest)
                return True
        return False

    async def _open(self, function: LocalFunction) -> Environment:
        self._opening += 1
        try:
            first, self._untried = self._untried, False
            environment = self._made(function)
            try:
                await environment.open(self._host, first=first)
            except NotIsolated as error:
                self._say(_NOT_ISOLATED.format(reason=error, task=self._setup.task_root))
                self._setup = replace(self._setup, isolated=False)
                self._protect()
                environment = self._made(function)
                await environment.open(self._host)
        finally:
            self._opening -= 1
        self._environments.add(environment)
        if environment.scratch:
            self._scratch.add(environment.scratch)
        ours, theirs = self._setup.interpreter.minor, self._setup.python
        if ours != theirs:
            said = {"ours": f"{ours[0]}.{ours[1]}", "theirs": f"{theirs[0]}.{theirs[1]}"}
            self._say(_OTHER_PYTHON.format(**said))
        return environment

    def _made(self, function: LocalFunction) -> Environment:
        return Environment(function, self._setup, log=self._log, notice=self._say)

    def _protect(self) -> None:
        """Take the right to write from the folders that no namespace protects."""
        for root in filter(None, (self._setup.task_root, self._setup.layer_root)):
            for path in (root, *root.rglob("*")):
                mode = path.lstat().st_mode
                if path.is_symlink() or not mode & _WRITE:
                    continue
                with suppress(OSError):  # somebody else's, who may have given it to us to read
                    path.chmod(mode & ~_WRITE)
                    self._protected.append((path, mode))

    def _say(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            self._notice(text)


_CLOSED = NotInvocable("the execution environments have been closed")

_NOT_ISOLATED = (
    "This system does not allow the file system that Lambda has ({reason}): functions see this"
    " machine's files and processes, and may change what their user may; their code is at `{task}`,"
    " TMPDIR is their folder, without Lambda's limit of 512 MB"
)
_NOT_LINUX = (
    "Lambda's runtime client runs on Linux only: run the package in a container or in WSL, or "
    "`chalice local` without `--package`"
)
_OTHER_PYTHON = "The package is for Python {theirs}; it runs on {ours}, the one that is here"


class BlockingEnvironments:
    """`Environments` for callers without an event loop; safe to call from several threads.

    Its *log* and *notice* are called in another thread.
    """

    def __init__(self, environments: Environments) -> None:
        self._environments = environments
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="chalice-runtime", daemon=True)
        self._thread.start()

    def invoke(self, invocation: Invocation) -> Outcome:
        """Return what came of *invocation* as soon as it is known; never raise."""
        coroutine = self._environments.invoke(invocation)
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def report(self, invocation: Invocation) -> Report:
        """Return what came of *invocation* with its log, once it has ended; never raise."""
        coroutine = self._environments.report(invocation)
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def close(self) -> None:
        """End every environment; do nothing if that was done."""
        if self._loop.is_closed():
            return
        coroutine = self._environments.close()
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
