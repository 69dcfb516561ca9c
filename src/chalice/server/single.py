"""Serves from one process, so that a debugger sees everything: no reload, no safety net."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING

from chalice.invoke.crew import Crew
from chalice.server.deployment import drive
from chalice.server.flights import Flights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice.gateway.exchange import KeySource
    from chalice.gateway.http import HttpRequest, HttpResponse
    from chalice.invocation import Invocation, Invoker, Outcome
    from chalice.server.deployment import Exchanges
    from chalice.server.hosts import Hosts
    from chalice.server.records import Log

    Job = tuple[int, Invocation]


class SingleProcess:
    """A gateway whose functions run in threads of this process.

    A function that runs past its timeout is answered for in time, but its thread cannot be stopped.

    Args:
        gateway: decides.
        invoker: carries out invocations; called from several threads.
        timeouts: seconds, by the name that invocations use for a function.
        hosts: names under which the server may be called.
        log: gets what happens.
        keys: finds the keys of issuers of tokens; None has none.
    """

    def __init__(
        self,
        gateway: Exchanges,
        invoker: Invoker,
        timeouts: Mapping[str, float],
        hosts: Hosts,
        log: Log,
        keys: KeySource | None = None,
    ) -> None:
        self.hosts = hosts
        self._gateway = gateway
        self._invoker = invoker
        self._log = log
        self._keys = keys
        self._loop = asyncio.get_running_loop()
        self._flights = Flights(log, lambda: None)
        self._flights.timeouts = timeouts
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        Crew(self._take, self._do).start()

    async def answer(self, request: HttpRequest) -> HttpResponse:
        """Answer *request*."""
        return await drive(self._gateway, request, self._invoke, self._keys, self._log)

    async def _invoke(self, invocation: Invocation) -> Outcome:
        return await self._flights.start(invocation, self._send)

    def _send(self, number: int, invocation: Invocation) -> None:
        self._jobs.put((number, invocation))

    def _take(self) -> Job | None:
        job = self._jobs.get()
        if job is None:
            self._jobs.put(None)  # the other threads end, too
        return job

    def _do(self, job: Job) -> None:
        number, invocation = job
        outcome = self._invoker.invoke(invocation)
        with suppress(RuntimeError):  # the loop has been closed: nobody waits any more
            self._loop.call_soon_threadsafe(self._flights.land, number, outcome)

    async def close(self) -> None:
        """Let the threads end when they have done what they are doing."""
        self._jobs.put(None)
