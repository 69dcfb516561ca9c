"""Serves a project and what becomes of it: an edit, an error, a mended error, a process that dies.

One version is live, at most one is on its way. A version that is replaced answers what it has
begun. Requests wait for the one on its way only where none is live.
"""

from __future__ import annotations

import asyncio
import time
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.diagnostics import InvalidApp, ToolError
from chalice.gateway.gateway import Gateway
from chalice.gateway.responses import INTEGRATION_TIMEOUT
from chalice.invocation import FunctionError, StillRunning
from chalice.server.deployment import drive
from chalice.server.environment import Environment
from chalice.server.facts import NotLoaded
from chalice.server.flights import Gone
from chalice.server.hosts import Hosts
from chalice.server.records import Broken, Notice, Reloaded, Replaced
from chalice.server.watching import edits
from chalice.server.wire import failure

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterable
    from pathlib import Path

    from chalice.diagnostics import Problem
    from chalice.gateway.exchange import KeySource
    from chalice.gateway.http import HttpRequest, HttpResponse
    from chalice.invocation import Invocation, Outcome
    from chalice.server.facts import Facts
    from chalice.server.order import Order
    from chalice.server.processes import Process, Processes
    from chalice.server.records import Log


@dataclass(frozen=True, slots=True)
class Patience:
    """How long loading a project may keep others waiting.

    Attributes:
        request_seconds: how long a request waits for a version that is on its way: as long as API
            Gateway waits for an integration. Source: rule 2.8.
        slow_seconds: after which a load that goes on is told of, unless the worker has done so,
            which knows the line: a second later than it should.
        retry_seconds: from a load that failed without an edit to the next try; doubled each time.
        longest_retry_seconds: the most that this grows to.
    """

    request_seconds: float = 29.0
    slow_seconds: float = 6.0
    retry_seconds: float = 0.5
    longest_retry_seconds: float = 8.0


# A load that takes longer may be one that an edit is to end; until then the watch over edits, whose
# import takes a while, would only hold up what is loaded.
_QUICK_SECONDS = 1.0


class NotServing(Exception):
    """Nothing can be served at the moment; the text says why, in one line."""


class TooLate(Exception):
    """What is on its way has not come in time."""


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why the last load failed.

    Attributes:
        summary: one line.
        pause: how long no other is begun, in seconds; None until the next edit.
        until: when the pause is over, on the loop's clock.
    """

    summary: str
    pause: float | None
    until: float


@dataclass(frozen=True, slots=True)
class Version:
    """The project as it was loaded once: a gateway, and the environment of its functions."""

    facts: Facts
    gateway: Gateway
    environment: Environment


class Reloading:
    """Serves the newest version of a project that can be served.

    Args:
        order: what a worker is to run.
        processes: starts workers.
        hosts: names under which the server may be called, beside those that the project configures.
        log: gets what happens.
        keys: finds the keys of issuers of tokens, for every version; None has none.
        open_authorizers: whether authorizers are not asked.
        patience: how long loading may take.
    """

    def __init__(
        self,
        order: Order,
        processes: Processes,
        hosts: Iterable[str],
        log: Log,
        patience: Patience | None = None,
        *,
        keys: KeySource | None = None,
        open_authorizers: bool = False,
    ) -> None:
        self._order = order
        self._open_authorizers = open_authorizers
        self._keys = keys
        self._processes = processes
        self._names = tuple(hosts)
        self._log = log
        self._patience = patience or Patience()
        self._loop = asyncio.get_running_loop()
        self._live: Version | None = None
        self._broken: _Failure | None = None
        self._told: tuple[Problem, ...] = ()
        self._coming: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._environments: set[Environment] = set()
        self._slow: asyncio.TimerHandle | None = None
        self._opened: asyncio.Future[Facts] = self._loop.create_future()
        self._watch: asyncio.Task[None] | None = None
        self._closing = False
        self.hosts = Hosts(self._names)

    async def open(
        self, worker: tuple[Process, socket.socket], directory: Path, since_ns: int
    ) -> Facts:
        """Serve what *worker* loads, watch for edits from now on, and return what is served.

        An edit of a project that is still being loaded begins another load.

        Args:
            worker: may have been started long before.
            directory: the project's.
            since_ns: when the worker was started: later edits are not in what it loads.

        Raises:
            InvalidApp: the project cannot be served.
            NotLoaded: for another reason, with a traceback.
        """
        self._coming = asyncio.create_task(self._renew((), worker))
        await asyncio.wait({self._opened}, timeout=_QUICK_SECONDS)
        self._watch = asyncio.create_task(self._follow_edits(directory, since_ns))
        try:
            return await self._opened
        except NotLoaded as error:
            if error.trace:
                raise
            raise InvalidApp(error.problems) from error

    async def answer(self, request: HttpRequest) -> HttpResponse:
        """Answer with the newest version, or say what keeps it from being served."""
        try:
            version = await self._current(self._patience.request_seconds)
        except NotServing as error:
            return failure(str(error))
        except TooLate as error:
            return failure(str(error), INTEGRATION_TIMEOUT)

        async def invoke(invocation: Invocation) -> Outcome:
            return await self._invoke(version, invocation)

        environment = version.environment
        environment.users += 1
        try:
            return await drive(version.gateway, request, invoke, self._keys, self._log)
        finally:
            environment.users -= 1
            environment.end_if_done()

    async def _current(self, seconds: float) -> Version:
        """Return the live version, waiting no more than *seconds* where it is on its way.

        Raises:
            NotServing: there is none, and none is on its way.
            TooLate: it has not come.
        """
        version = self._live
        if version is not None and version.environment.usable:
            return version
        try:
            async with asyncio.timeout(seconds):
                return await self._next()
        except TimeoutError:
            raise TooLate(f"the application is not loaded after {seconds:g} s") from None

    async def _next(self) -> Version:
        while True:
            version = self._live
            if version is not None and version.environment.usable:
                return version
            if self._coming is None and (why := self._why_not_again()):
                raise NotServing(why)
            if self._closing:
                raise NotServing("the server is shutting down")
            self._replace()
            self._news.clear()
            await self._news.wait()

    async def _invoke(self, version: Version, invocation: Invocation) -> Outcome:
        """Carry out *invocation* in the version's environment, or in the one that replaced it."""
        while True:
            try:
                return await version.environment.invoke(invocation)
            except Gone:
                try:
                    version = await self._current(invocation.within_seconds)
                except NotServing as error:
                    return FunctionError("Runtime.ExitError", str(error))
                except TooLate:
                    return StillRunning()

    async def _follow_edits(self, directory: Path, since_ns: int) -> None:
        async for files in edits(directory, since_ns, lambda text: self._log(Notice(text))):
            if self._coming is not None:
                self._coming.cancel()  # what is on its way is out of date
            self._coming = asyncio.create_task(self._renew(files))

    def _replace(self) -> None:
        """Bring up another environment for the same code, unless one is on its way."""
        if self._coming is None:
            self._coming = asyncio.create_task(self._renew(()))

    async def _renew(
        self, files: tuple[str, ...], worker: tuple[Process, socket.socket] | None = None
    ) -> None:
        """Load the project as it is now and serve it from now on.

        Args:
            files: were edited.
            worker: has begun to load it; another one is started unless given.
        """
        started = time.monotonic()
        try:
            version = await self._load(
                worker or self._processes.start(self._order), fresh=bool(files)
            )
        except NotLoaded as error:
            self._break(error, edited=bool(files))
        except Exception as error:  # noqa: BLE001 - a bug of ours must not leave requests waiting
            self._break(NotLoaded.bug(error, traceback.format_exc()), edited=bool(files))
        else:
            self._publish(version)
            if not self._opened.done():
                self._opened.set_result(version.facts)
            elif files:
                seconds = time.monotonic() - started
                self._log(Reloaded(files, seconds, version.facts.warnings))
        self._coming = None
        self._news.set()

    async def _load(self, worker: tuple[Process, socket.socket], *, fresh: bool) -> Version:
        """Return the version that *worker* loads.

        A *fresh* one begins with nothing remembered. One that only replaces a process keeps the
        gateway, and with it what authorizers have said: in AWS that outlives environments, too.
        """
        process, channel = worker
        environment = Environment(process, self, self._log)
        self._environments.add(environment)
        slow = self._loop.call_later(self._patience.slow_seconds, self._tell_that_it_is_slow)
        self._slow = slow
        try:
            facts = await environment.load(channel)
        finally:
            slow.cancel()
        before = self._live
        if before is not None and not fresh and _same(before.facts, facts):
            return Version(facts, before.gateway, environment)
        try:
            gateway = Gateway(
                facts.definition, facts.stage, open_authorizers=self._open_authorizers
            )
        except InvalidApp as error:
            environment.kill()
            raise NotLoaded(error.problems) from error
        except ToolError as error:
            environment.kill()
            raise NotLoaded.refused(error) from error
        return Version(facts, gateway, environment)

    def _tell_that_it_is_slow(self) -> None:
        seconds = f"{self._patience.slow_seconds:g} s"
        self._log(Notice(f"Loading the application takes more than {seconds}: see what it imports"))

    def slow(self, environment: Environment, where: str) -> None:
        """Tell where the import stands that takes long."""
        del environment  # the live one has been loaded, so it is the one on its way
        if self._slow is not None:
            self._slow.cancel()
        self._log(Notice(f"Loading the application takes long; its import stands at {where}"))

    def _publish(self, version: Version) -> None:
        before, self._live = self._live, version
        self._broken = None
        self._told = ()
        self.hosts = Hosts((*self._names, *version.facts.hosts))
        if before is not None:
            before.environment.retire()

    def _break(self, error: NotLoaded, *, edited: bool) -> None:
        """Serve nothing: until the next edit if one caused it, else until another try succeeds.

        What has never been served is refused instead.
        """
        if not self._opened.done():
            self._opened.set_exception(error)
            return
        if self._live is not None:
            self._live.environment.retire()
        pause = None if edited else self._next_pause()
        self._broken = _Failure(error.summary, pause, self._loop.time() + (pause or 0))
        if edited or self._told != error.problems:
            self._log(Broken(error.problems, error.trace, edited=edited))
        self._told = error.problems

    def _why_not_again(self) -> str | None:
        """Return why loading the project once more makes no sense for now, or None."""
        broken = self._broken
        if broken is None or (broken.pause is not None and self._loop.time() >= broken.until):
            return None
        return broken.summary

    def _next_pause(self) -> float:
        patience, broken = self._patience, self._broken
        if broken is None or broken.pause is None:
            return patience.retry_seconds
        return min(broken.pause * 2, patience.longest_retry_seconds)

    def failed(self, environment: Environment, reason: str, *, in_use: bool) -> None:
        """Replace the live environment: at once if it was in use, else when it is needed."""
        live = self._live
        if self._closing or live is None or live.environment is not environment:
            return
        self._log(Replaced(reason))
        if in_use:
            self._replace()

    def ended(self, environment: Environment) -> None:
        """Forget an environment whose process is gone."""
        self._environments.discard(environment)

    async def close(self) -> None:
        """End every process."""
        self._closing = True
        tasks = [task for task in (self._watch, self._coming) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for environment in tuple(self._environments):
            environment.close()
        self._news.set()
        await self._processes.close()


def _same(before: Facts, after: Facts) -> bool:
    return before.definition == after.definition and before.stage == after.stage
