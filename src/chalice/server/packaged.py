"""Serves the package of a project: the very archive, run by Lambda's own runtime client.

An edit is packaged anew beside what is served; requests under way end where they began. The
application is loaded into this process, too, for what it declares: its functions are not called
here.
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
from chalice.invocation import StillRunning
from chalice.openapi import api_definition
from chalice.packaged.running import Runnable, prepare
from chalice.project import load_project
from chalice.server.deployment import drive
from chalice.server.facts import NotLoaded
from chalice.server.hosts import Hosts
from chalice.server.loading import facts_of
from chalice.server.records import Broken, FunctionLog, Notice, Reloaded
from chalice.server.watching import edits, ships
from chalice.server.wire import failure

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
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
    from chalice.server.records import Log


# How often an edit is packaged while its files are written to, and how long is waited between.
_MOST_ATTEMPTS = 20
_PAUSE_SECONDS = 0.2


@dataclass(eq=False, slots=True)
class Version:
    """One state of the project: what answers for it, and who is being answered."""

    runnable: Runnable
    facts: Facts
    gateway: Gateway
    environments: Environments
    users: int = 0
    unused: asyncio.Event = field(default_factory=asyncio.Event)

    async def close(self) -> None:
        """End the functions and remove the package."""
        await self.environments.close()
        await asyncio.to_thread(self.runnable.remove)


class PackagedDeployments:
    """A gateway whose functions run in execution environments.

    Args:
        directory: the project's.
        stage: the stage of Chalice.
        names: under which the server may be called, beside those that the project configures.
        spare_api_key: the key to let in where routes ask for one and none is configured.
        environ: the user's shell.
        log: gets what happens.
        keys: finds the keys of issuers of tokens.
        open_authorizers: whether authorizers are not asked.
    """

    def __init__(
        self,
        directory: Path,
        stage: str,
        names: tuple[str, ...],
        *,
        spare_api_key: str,
        environ: Mapping[str, str],
        log: Log,
        keys: KeySource,
        open_authorizers: bool,
    ) -> None:
        self.hosts = Hosts(names)
        self._directory = directory
        self._stage = stage
        self._names = names
        self._spare_api_key = spare_api_key
        self._environ = environ
        self._log = log
        self._keys = keys
        self._open_authorizers = open_authorizers
        self._loop = asyncio.get_running_loop()
        self._live: Version | None = None
        self._versions: set[Version] = set()
        self._broken = ""
        self._told: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self, progress: Progress) -> Facts:
        """Package the project, serve it from now on, and return what is served.

        Args:
            progress: is told of slow steps, in a thread; edits are packaged in silence.

        Raises:
            InvalidApp: it cannot be packaged.
            ToolError: it cannot be run.
        """
        since_ns = time.time_ns()
        version = await self._prepared(progress)
        self._publish(version)
        self._begin(self._follow_edits(since_ns))
        return version.facts

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What the checks of the project and of its package say."""
        return _warnings(self._live) if self._live is not None else ()

    async def answer(self, request: HttpRequest) -> HttpResponse:
        """Answer with the package that is live when the request comes."""
        version = self._live
        if version is None or self._broken:
            return failure(self._broken)

        async def invoke(invocation: Invocation) -> Outcome:
            return await _invoked(version, invocation)

        version.users += 1
        try:
            return await drive(version.gateway, request, invoke, self._keys, self._log)
        finally:
            version.users -= 1
            if not version.users:
                version.unused.set()

    async def close(self) -> None:
        """End the functions and remove the package."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(version.close() for version in self._versions))

    # --- versions --------------------------------------------------------------------------------

    async def _settled(self) -> Version:
        """Package an edit; wait while somebody still writes to the files."""
        for _ in range(_MOST_ATTEMPTS):
            try:
                return await self._prepared(silent)
            except InvalidApp as error:
                if any(problem.code != "file-changed" for problem in error.problems):
                    raise
            await asyncio.sleep(_PAUSE_SECONDS)
        return await self._prepared(silent)

    async def _prepared(self, progress: Progress) -> Version:
        work = asyncio.ensure_future(asyncio.to_thread(self._prepare, progress))
        try:
            runnable = await asyncio.shield(work)
        except asyncio.CancelledError:
            # A thread cannot be stopped: what it makes is removed when it has.
            with suppress(Exception):
                (await work).remove()
            raise
        try:
            return self._version(runnable)
        except BaseException:
            runnable.remove()
            raise

    def _prepare(self, progress: Progress) -> Runnable:
        """Build the package; runs in a thread."""

        def notice(text: str) -> None:
            self._soon(lambda: self._notice(text))

        def log(text: str) -> None:
            self._soon(lambda: self._log(FunctionLog(text)))

        return prepare(
            load_project(self._directory, self._stage, self._environ),
            environ=self._environ,
            progress=progress,
            notice=notice,
            log=log,
        )

    def _soon(self, call: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop has been closed: nobody reads any more
            self._loop.call_soon_threadsafe(call)

    def _version(self, runnable: Runnable) -> Version:
        project = runnable.project
        definition = api_definition(project.model, project.settings)
        facts = facts_of(project, definition, runnable.functions, self._spare_api_key)
        return Version(
            runnable,
            facts,
            Gateway(definition, facts.stage, open_authorizers=self._open_authorizers),
            runnable.environments(self._function_log, self._notice),
        )

    def _publish(self, version: Version) -> None:
        self._versions.add(version)
        before, self._live = self._live, version
        self._broken = ""
        self.hosts = Hosts((*self._names, *version.facts.hosts))
        if before is not None:
            self._begin(self._retire(before))

    async def _retire(self, version: Version) -> None:
        """Let requests under way end, then leave nothing of *version*."""
        if version.users:
            await version.unused.wait()
        await version.close()
        self._versions.discard(version)

    async def _follow_edits(self, since_ns: int) -> None:
        def say(text: str) -> None:
            self._log(Notice(text))

        async for files in edits(self._directory, since_ns, say, ships):
            await self._renew(files)

    async def _renew(self, files: tuple[str, ...]) -> None:
        started = time.monotonic()
        try:
            version = await self._settled()
        except InvalidApp as error:
            self._break(NotLoaded(error.problems))
        except ToolError as error:
            self._break(NotLoaded.refused(error))
        except Exception as error:  # noqa: BLE001 - a bug of ours must not end the watch
            self._break(NotLoaded.bug(error, traceback.format_exc()))
        else:
            self._publish(version)
            seconds = time.monotonic() - started
            self._log(Reloaded(files, seconds, _warnings(version)))

    def _break(self, error: NotLoaded) -> None:
        self._broken = error.summary
        self._log(Broken(error.problems, error.trace))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- what is told ----------------------------------------------------------------------------

    def _function_log(self, entry: Entry) -> None:
        self._log(FunctionLog(entry.text))

    def _notice(self, text: str) -> None:
        """Tell *text* once, however often the project is packaged."""
        if text not in self._told:
            self._told.add(text)
            self._log(Notice(text))


async def _invoked(version: Version, invocation: Invocation) -> Outcome:
    if version.runnable.in_package(invocation.function):
        return await version.environments.invoke(invocation)
    try:
        async with asyncio.timeout(invocation.within_seconds):
            return await asyncio.to_thread(version.runnable.stood_in.invoke, invocation)
    except TimeoutError:
        return StillRunning()


def silent(doing: str, done: int = 0, total: int = 0) -> None:
    """Tell nobody: the log of a server has its own lines."""


def _warnings(version: Version) -> tuple[Problem, ...]:
    return (*version.facts.warnings, *version.runnable.packaged.bundle.notes)
