"""Where the server gets what it serves: a project as it is, its package, or a definition."""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from chalice.diagnostics import InvalidApp

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from chalice.bundle.parts import Progress
    from chalice.definitions.binding import Served
    from chalice.diagnostics import Problem
    from chalice.gateway.http import HttpResponse
    from chalice.server.deployment import Deployments
    from chalice.server.processes import Processes
    from chalice.server.records import Log

# More turns of the loop than there are between a signal and the end of a task that it cancels.
_TURNS = 16


@dataclass(frozen=True, slots=True)
class Project:
    """Which project is served, and how.

    Attributes:
        directory: absolute.
        stage: the stage of Chalice.
        hosts: names under which the server may be called, beside those that the project configures.
        open_authorizers: whether authorizers are not asked, and every answer says so.
    """

    directory: Path
    stage: str = "dev"
    hosts: tuple[str, ...] = ()
    open_authorizers: bool = False

    def opened(
        self, deployments: Deployments, api_key: str | None, warnings: tuple[Problem, ...]
    ) -> Opened:
        """Return what the project has come to; all answers say what is open, if anything is."""
        if not self.open_authorizers:
            return Opened(deployments, api_key, warnings)
        from chalice.server.marked import Marked, marked  # noqa: PLC0415 - who opens pays for it

        return Opened(Marked(deployments), api_key, warnings, marked)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a source has come to.

    Attributes:
        deployments: answers.
        api_key: the key that was made up for this run, if one was.
        warnings: what the checks of the project say.
        mark: what becomes of answers that are not of the deployments.
    """

    deployments: Deployments
    api_key: str | None = None
    warnings: tuple[Problem, ...] = ()
    mark: Callable[[HttpResponse], HttpResponse] | None = None


class Source(Protocol):
    """Has something to serve."""

    async def open(self, log: Log) -> Opened:
        """Return what is served from now on.

        Raises:
            ToolError: it cannot be served.
        """
        ...

    async def abandon(self) -> None:
        """Let go of what was begun, where `open` did not come to an end."""
        ...


class EditedProject:
    """A project whose edits are served. Its worker begins to load when the source is made.

    Args:
        project: which one.
        processes: starts workers; in the way that suits this system unless given.
    """

    def __init__(self, project: Project, processes: Processes | None = None) -> None:
        from chalice.server.order import Order  # noqa: PLC0415 - the other source does without
        from chalice.server.processes import default  # noqa: PLC0415 - the same

        self._project = project
        self._order = Order(str(project.directory), project.stage, secrets.token_hex(20))
        self._since_ns = time.time_ns()
        self._processes = processes or default()
        self._first = self._processes.start(self._order)

    async def open(self, log: Log) -> Opened:
        """Wait for the worker.

        Raises:
            InvalidApp: the project cannot be served.
        """
        from chalice.issuers import Issuers  # noqa: PLC0415 - while the worker loads
        from chalice.project import CONFIG_DIRECTORY  # noqa: PLC0415 - the same
        from chalice.server.reloading import Reloading  # noqa: PLC0415 - the same

        self._processes.attach()
        keys = Issuers(self._project.directory / CONFIG_DIRECTORY)
        deployments = Reloading(
            self._order,
            self._processes,
            self._project.hosts,
            log,
            keys=keys,
            open_authorizers=self._project.open_authorizers,
        )
        try:
            facts = await deployments.open(self._first, self._project.directory, self._since_ns)
        except BaseException:
            await asyncio.shield(deployments.close())
            raise
        return self._project.opened(deployments, facts.api_key, facts.warnings)

    async def abandon(self) -> None:
        """End the worker."""
        await self._processes.close()


class ImportedProject:
    """A project that runs in this process; edits are not noticed.

    Args:
        project: which one.
        watched: what the import happens within.
    """

    def __init__(
        self,
        project: Project,
        watched: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._project = project
        self._watched = watched

    async def open(self, log: Log) -> Opened:
        """Load the project into this process.

        Raises:
            InvalidApp: the project cannot be served.
        """
        from chalice.gateway.gateway import Gateway  # noqa: PLC0415 - the other source does without
        from chalice.invoke.in_process import InProcess  # noqa: PLC0415 - the same
        from chalice.issuers import Issuers  # noqa: PLC0415 - the same
        from chalice.project import CONFIG_DIRECTORY  # noqa: PLC0415 - the same
        from chalice.server.facts import NotLoaded  # noqa: PLC0415 - the same
        from chalice.server.hosts import Hosts  # noqa: PLC0415 - the same
        from chalice.server.loading import load  # noqa: PLC0415 - the same
        from chalice.server.single import SingleProcess  # noqa: PLC0415 - the same

        project = self._project
        try:
            with self._watched():
                # The import is going to block the loop: what came before is heard first.
                for _ in range(_TURNS):
                    await asyncio.sleep(0)
                loaded = load(
                    project.directory,
                    project.stage,
                    spare_api_key=secrets.token_hex(20),
                    environ=os.environ,
                )
        except NotLoaded as error:
            raise InvalidApp(error.problems) from error
        facts = loaded.facts
        deployments = SingleProcess(
            Gateway(facts.definition, facts.stage, open_authorizers=project.open_authorizers),
            InProcess(loaded.functions, log=_log_of_functions(log)),
            facts.timeouts,
            Hosts((*project.hosts, *facts.hosts)),
            log,
            Issuers(project.directory / CONFIG_DIRECTORY),
        )
        return project.opened(deployments, facts.api_key, facts.warnings)

    async def abandon(self) -> None:
        """Do nothing: nothing was begun."""


class PackagedProject:
    """A project whose package is served: built anew on each edit, run as Lambda runs it.

    A process begins to load it when the source is made.

    Args:
        project: which one.
        progress: gives what is told of slow steps of the first build; nobody is unless given.
        processes: start those that load the project; in the way that suits this system unless
            given.
    """

    def __init__(
        self,
        project: Project,
        progress: AbstractContextManager[Progress] | None = None,
        processes: Processes | None = None,
    ) -> None:
        from chalice.server.order import Order  # noqa: PLC0415 - other sources do without
        from chalice.server.processes import default  # noqa: PLC0415 - the same

        self._project = project
        self._progress = progress
        self._order = Order(
            str(project.directory), project.stage, secrets.token_hex(20), outlined=True
        )
        self._since_ns = time.time_ns()
        self._processes = processes or default()
        self._first = self._processes.start(self._order)

    async def open(self, log: Log) -> Opened:
        """Package the project and return what is served from now on.

        Raises:
            InvalidApp: it cannot be packaged.
            ToolError: it cannot be run.
        """
        from chalice.issuers import Issuers  # noqa: PLC0415 - the other sources do without
        from chalice.project import CONFIG_DIRECTORY  # noqa: PLC0415 - the same
        from chalice.server.packaged import PackagedDeployments, silent  # noqa: PLC0415 - the same

        project = self._project
        self._processes.attach()
        deployments = PackagedDeployments(
            project.directory,
            self._order,
            self._processes,
            self._first,
            project.hosts,
            environ=dict(os.environ),
            log=log,
            keys=Issuers(project.directory / CONFIG_DIRECTORY),
            open_authorizers=project.open_authorizers,
        )
        try:
            with self._progress or nullcontext(silent) as progress:
                facts = await deployments.open(progress, self._since_ns)
        except BaseException:
            await asyncio.shield(deployments.close())
            raise
        return project.opened(deployments, facts.api_key, deployments.warnings)

    async def abandon(self) -> None:
        """End what loads the project."""
        await self._processes.close()


class BoundDefinition:
    """A definition whose functions run in this process.

    Args:
        served: the gateway and the functions.
        hosts: names under which the server may be called.
        directory: where files with keys of issuers are looked for.
        warnings: what is told when the server answers.
    """

    def __init__(
        self,
        served: Served,
        hosts: tuple[str, ...],
        directory: Path,
        warnings: tuple[Problem, ...] = (),
    ) -> None:
        self._served = served
        self._hosts = hosts
        self._directory = directory
        self._warnings = warnings

    async def open(self, log: Log) -> Opened:
        """Return what is served from now on."""
        from chalice.invoke.in_process import InProcess  # noqa: PLC0415 - the others do without
        from chalice.issuers import Issuers  # noqa: PLC0415 - the same
        from chalice.server.hosts import Hosts  # noqa: PLC0415 - the same
        from chalice.server.single import SingleProcess  # noqa: PLC0415 - the same

        served = self._served
        deployments = SingleProcess(
            served.gateway,
            InProcess(served.functions, log=_log_of_functions(log)),
            {name: item.timeout_seconds for name, item in served.functions.items()},
            Hosts(self._hosts),
            log,
            Issuers(self._directory),
        )
        return Opened(deployments, served.api_key, self._warnings)

    async def abandon(self) -> None:
        """Do nothing: nothing was begun."""


def _log_of_functions(log: Log) -> Callable[[str], None]:
    """Return what threads may call with what functions log; *log* is called on the loop."""
    from chalice.server.records import FunctionLog  # noqa: PLC0415 - one source does without

    loop = asyncio.get_running_loop()

    def report(text: str) -> None:
        with suppress(RuntimeError):  # the loop has been closed: nobody reads any more
            loop.call_soon_threadsafe(log, FunctionLog(text))

    return report
