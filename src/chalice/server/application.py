"""The application that a package is of, loaded into a process of its own.

Its import may take its time, never end, or end its process: the server goes on. What it declares
comes from there, and there answers what stands in for authorizers that live elsewhere.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from chalice.invocation import FunctionError, StillRunning
from chalice.server.environment import Environment
from chalice.server.facts import NotLoaded
from chalice.server.flights import Gone
from chalice.server.records import Notice, Replaced

if TYPE_CHECKING:
    import socket

    from chalice.invocation import Invocation, Outcome
    from chalice.server.facts import Facts
    from chalice.server.order import Order
    from chalice.server.processes import Process, Processes
    from chalice.server.records import Log


class Application:
    """One state of the application.

    Args:
        order: what is loaded.
        processes: starts the process, and another one where that ends.
        log: gets what happens.
        first: a process that has begun to load it; one is started unless given.
    """

    def __init__(
        self,
        order: Order,
        processes: Processes,
        log: Log,
        first: tuple[Process, socket.socket] | None = None,
    ) -> None:
        self._order = order
        self._processes = processes
        self._log = log
        self._environment: Environment | None = None
        self._replacing = asyncio.Lock()
        self._first = first

    async def load(self) -> Facts:
        """Return what the application declares, once it is loaded.

        Raises:
            NotLoaded: it cannot be loaded, or its import ended the process.
        """
        self._environment, facts = await self._load()
        return facts

    async def invoke(self, invocation: Invocation) -> Outcome:
        """Carry out *invocation*; never raise."""
        try:
            async with asyncio.timeout(invocation.within_seconds):
                return await self._invoke(invocation)
        except TimeoutError:
            return StillRunning()
        except NotLoaded as error:
            return FunctionError("Runtime.ExitError", error.summary)

    async def _invoke(self, invocation: Invocation) -> Outcome:
        while True:
            environment = await self._usable()
            try:
                return await environment.invoke(invocation)
            except Gone:
                self.ended(environment)

    async def _usable(self) -> Environment:
        async with self._replacing:
            if self._environment is None:
                self._environment, _ = await self._load()
            return self._environment

    async def _load(self) -> tuple[Environment, Facts]:
        first, self._first = self._first, None
        process, channel = first or self._processes.start(self._order)
        environment = Environment(process, self, self._log)
        return environment, await environment.load(channel)

    def close(self) -> None:
        """End the process."""
        environment, self._environment = self._environment, None
        if environment is not None:
            environment.close()

    def failed(self, environment: Environment, reason: str, *, in_use: bool) -> None:
        """Tell that the process ended; another one is started when it is needed."""
        del in_use
        if self._environment is environment:
            self._environment = None
            self._log(Replaced(reason))

    def ended(self, environment: Environment) -> None:
        """Forget a process that is gone."""
        if self._environment is environment:
            self._environment = None

    def slow(self, environment: Environment, where: str) -> None:
        """Tell where the import stands that takes long."""
        del environment
        self._log(Notice(f"Loading the application takes long; its import stands at {where}"))
