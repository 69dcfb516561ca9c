"""Serves the package of a project: the very archive, run by Lambda's own runtime client.

An edit is packaged anew beside what is served; requests under way end where they began. What the
application declares is read in another process: nothing of it is ever imported here.
"""

from __future__ import annotations

import asyncio
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalice.diagnostics import InvalidApp, ToolError
from chalice.gateway.gateway import Gateway
from chalice.packaged.outline import Outline
from chalice.packaged.running import Runnable, prepare
from chalice.server.application import Application
from chalice.server.deployment import drive
from chalice.server.facts import NotLoaded
from chalice.server.hosts import Hosts
from chalice.server.records import Broken, FunctionLog, Notice, Reloaded
from chalice.server.watching import edits, ships
from chalice.server.wire import failure

if TYPE_CHECKING:
    import socket
    from collections.abc import Coroutine, Mapping
    from pathlib import Path
    from typing import Any

    from chalice.bundle.parts import Progress
    from chalice.diagnostics import Problem
    from chalice.gateway.exchange import KeySource
    from chalice.gateway.http import HttpRequest, HttpResponse
    from chalice.invocation import Invocation, Outcome
    from chalice.invoke.lambda_runtime.environments import Environments
    from chalice.invoke.lambda_runtime.journal import Entry
    from chalice.server.facts import Facts
    from chalice.server.order import Order
    from chalice.server.processes import Process, Processes
    from chalice.server.records import Log


# How often an edit is packaged while its files are written to, and how long is waited between.
_MOST_ATTEMPTS = 20
_PAUSE_SECONDS = 0.2

# An application that takes longer to load may be one that an edit is to end; until then the watch
# over edits would only hold up what is loaded.
_QUICK_SECONDS = 1.0


@dataclass(eq=False, slots=True)
class Version:
    """One state of the project: what answers for it, and who is being answered.

    Attributes:
        runnable: its package.
        facts: what is served.
        gateway: decides.
        environments: run the package.
        application: answers for *stood_in*.
        stood_in: functions that are not in the package.
        users: requests under way.
    """

    runnable: Runnable
    facts: Facts
    gateway: Gateway
    environments: Environments
    application: Application
    stood_in: frozenset[str]
    users: int = 0
    _unused: asyncio.Event = field(default_factory=asyncio.Event)

    async def invoke(self, invocation: Invocation) -> Outcome:
        """Carry out *invocation*; never raise."""
        if invocation.function in self.stood_in:
            return await self.application.invoke(invocation)
        return await self.environments.invoke(invocation)

    def begin(self) -> None:
        """Note that a request is being answered."""
        self.users += 1
        self._unused.clear()

    def end(self) -> None:
        """Note that it has been."""
        self.users -= 1
        if not self.users:
            self._unused.set()

    async def drained(self) -> None:
        """Wait until no request is under way, nor a function that one has given up."""
        if self.users:
            await self._unused.wait()
        await self.environments.drained()

    async def close(self) -> None:
        """End the functions and remove the package."""
        self.application.close()
        await self.environments.close()
        await asyncio.to_thread(self.runnable.remove)


class PackagedDeployments:
    """A gateway whose functions run in execution environments.

    Args:
        directory: the project's.
        order: loads the project for its outline.
        processes: start those that load it; closed with the deployments.
        first: has begun to load it.
        names: under which the server may be called, beside those that the project configures.
        environ: the user's shell.
        log: gets what happens.
        keys: finds the keys of issuers of tokens.
        open_authorizers: whether authorizers are not asked.
    """

    def __init__(
        self,
        directory: Path,
        order: Order,
        processes: Processes,
        first: tuple[Process, socket.socket],
        names: tuple[str, ...],
        *,
        environ: Mapping[str, str],
        log: Log,
        keys: KeySource,
        open_authorizers: bool,
    ) -> None:
        self.hosts = Hosts(names)
        self._directory = directory
        self._order = order
        self._processes = processes
        self._first: tuple[Process, socket.socket] | None = first
        self._names = names
        self._environ = environ
        self._log = log
        self._keys = keys
        self._open_authorizers = open_authorizers
        self._loop = asyncio.get_running_loop()
        self._live: Version | None = None
        self._versions: set[Version] = set()
        self._opened: asyncio.Future[Facts] = self._loop.create_future()
        self._coming: asyncio.Task[None] | None = None
        self._loading = False
        self._broken = ""
        self._told: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self, progress: Progress, since_ns: int) -> Facts:
        """Package the project, serve it from now on, and return what is served.

        Args:
            progress: is told of slow steps, in a thread; edits are packaged in silence.
            since_ns: when the first process was started: later edits are not in what it loads.

        Raises:
            InvalidApp: it cannot be packaged.
            ToolError: it cannot be run.
            NotLoaded: it cannot be loaded for another reason, with a traceback.
        """
        self._coming = self._begin(self._renew((), progress))
        await asyncio.wait({self._opened}, timeout=_QUICK_SECONDS)
        self._begin(self._follow_edits(since_ns))
        return await self._opened

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What the checks of the project and of its package say."""
        return _warnings(self._live) if self._live is not None else ()

    async def answer(self, request: HttpRequest) -> HttpResponse:
        """Answer with the package that is live when the request comes."""
        version = self._live
        if version is None or self._broken:
            return failure(self._broken)

        version.begin()
        try:
            return await drive(version.gateway, request, version.invoke, self._keys, self._log)
        finally:
            version.end()

    async def close(self) -> None:
        """End the functions and remove the package."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(version.close() for version in self._versions))
        await self._processes.close()

    # --- versions --------------------------------------------------------------------------------

    async def _settled(self, progress: Progress) -> Version:
        """Package the project; wait while somebody still writes to its files."""
        for _ in range(_MOST_ATTEMPTS):
            try:
                return await self._prepared(progress)
            except InvalidApp as error:
                if any(problem.code != "file-changed" for problem in error.problems):
                    raise
            await asyncio.sleep(_PAUSE_SECONDS)
        return await self._prepared(progress)

    async def _prepared(self, progress: Progress) -> Version:
        first, self._first = self._first, None
        application = Application(self._order, self._processes, self._log, first)
        try:
            facts = await self._loaded(application)
            outline = Outline.from_dict(facts.outline or {})
            if not outline.stood_in:
                application.close()  # nothing is asked of it any more
            runnable = await self._built(outline, progress)
            try:
                return self._version(runnable, facts, application, outline.stood_in)
            except BaseException:
                runnable.remove()
                raise
        except BaseException:
            application.close()
            raise

    async def _loaded(self, application: Application) -> Facts:
        self._loading = True
        try:
            return await application.load()
        finally:
            self._loading = False

    async def _built(self, outline: Outline, progress: Progress) -> Runnable:
        work = asyncio.ensure_future(asyncio.to_thread(self._build, outline, progress))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            # A thread cannot be stopped: what it makes is removed when it has.
            with suppress(Exception):
                (await work).remove()
            raise

    def _build(self, outline: Outline, progress: Progress) -> Runnable:
        """Build the package; runs in a thread."""

        def notice(text: str) -> None:
            with suppress(RuntimeError):  # the loop has been closed: nobody reads any more
                self._loop.call_soon_threadsafe(self._notice, text)

        return prepare(outline, environ=self._environ, progress=progress, notice=notice)

    def _version(
        self,
        runnable: Runnable,
        facts: Facts,
        application: Application,
        stood_in: frozenset[str],
    ) -> Version:
        return Version(
            runnable,
            facts,
            Gateway(facts.definition, facts.stage, open_authorizers=self._open_authorizers),
            runnable.environments(self._function_log, self._notice),
            application,
            stood_in,
        )

    def _publish(self, version: Version) -> None:
        self._versions.add(version)
        before, self._live = self._live, version
        self._broken = ""
        self.hosts = Hosts((*self._names, *version.facts.hosts))
        if before is not None:
            self._begin(self._retire(before))

    async def _retire(self, version: Version) -> None:
        """Let what is under way end, then leave nothing of *version*."""
        await version.drained()
        await version.close()
        self._versions.discard(version)

    async def _follow_edits(self, since_ns: int) -> None:
        def say(text: str) -> None:
            self._log(Notice(text))

        async for files in edits(self._directory, since_ns, say, ships):
            if self._coming is not None:
                if self._loading:
                    self._coming.cancel()  # what is loaded is out of date, and may never come
                await asyncio.wait({self._coming})
            self._coming = self._begin(self._renew(files, silent))

    async def _renew(self, files: tuple[str, ...], progress: Progress) -> None:
        """Package the project as it is now and serve it from now on."""
        started = time.monotonic()
        try:
            version = await self._settled(progress)
        except Exception as error:  # noqa: BLE001 - a bug of ours must not end the watch
            self._refuse(error)
            return
        self._publish(version)
        if not self._opened.done():
            self._opened.set_result(version.facts)
        else:
            seconds = time.monotonic() - started
            self._log(Reloaded(files, seconds, _warnings(version)))

    def _refuse(self, error: Exception) -> None:
        """Serve nothing until the next edit; what has never been served is refused instead."""
        match error:
            case NotLoaded():
                refused = error
            case InvalidApp():
                refused = NotLoaded(error.problems)
            case ToolError():
                refused = NotLoaded.refused(error)
            case _:
                refused = NotLoaded.bug(error, traceback.format_exc())
        if self._opened.done():
            self._broken = refused.summary
            self._log(Broken(refused.problems, refused.trace))
        elif isinstance(error, NotLoaded) and not error.trace:
            self._opened.set_exception(InvalidApp(error.problems))
        else:
            self._opened.set_exception(error)

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # --- what is told ----------------------------------------------------------------------------

    def _function_log(self, entry: Entry) -> None:
        self._log(FunctionLog(entry.text))

    def _notice(self, text: str) -> None:
        """Tell *text* once, however often the project is packaged."""
        if text not in self._told:
            self._told.add(text)
            self._log(Notice(text))


def silent(doing: str, done: int = 0, total: int = 0) -> None:
    """Tell nobody: the log of a server has its own lines."""


def _warnings(version: Version) -> tuple[Problem, ...]:
    return (*version.facts.warnings, *version.runnable.packaged.bundle.notes)
