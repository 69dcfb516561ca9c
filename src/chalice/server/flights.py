"""Invocations under way: each with a number, a caller who waits, and a time when it is given up."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.invocation import FunctionError, Invocation, Outcome, StillRunning, TimedOut
from chalice.invoke.crew import MOST_AT_ONCE
from chalice.invoke.in_process import timed_out_line
from chalice.server.records import FunctionLog

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalice.server.records import Log


class Gone(Exception):
    """Nobody carries out invocations here any more; somebody else does."""


@dataclass(slots=True)
class _Flight:
    outcome: asyncio.Future[Outcome]
    request_id: str
    timeout_seconds: float
    within_seconds: float
    timer: asyncio.TimerHandle


class Flights:
    """Keeps track of invocations that are carried out elsewhere.

    Args:
        log: gets what Lambda would log of a timeout.
        on_time_out: called when a function ran past its own timeout.
        most: most invocations at a time; further ones wait for their turn.
    """

    def __init__(
        self, log: Log, on_time_out: Callable[[], None], *, most: int = MOST_AT_ONCE
    ) -> None:
        self._log = log
        self._on_time_out = on_time_out
        self._loop = asyncio.get_running_loop()
        self._numbers = itertools.count(1)
        self._flying: dict[int, _Flight] = {}
        self._slots = asyncio.Semaphore(most)
        self.timeouts: Mapping[str, float] = {}

    def __len__(self) -> int:
        return len(self._flying)

    async def start(
        self, invocation: Invocation, send: Callable[[int, Invocation], None]
    ) -> Outcome:
        """Have *invocation* carried out and return what comes of it, in time.

        Args:
            invocation: what to carry out.
            send: hands it over, with the number by which `land` knows it.

        Raises:
            Gone: *send* raised it.
        """
        if self._slots.locked():
            try:
                async with asyncio.timeout(invocation.within_seconds):
                    await self._slots.acquire()
            except TimeoutError:
                return StillRunning()
        else:
            await self._slots.acquire()
        number = next(self._numbers)
        try:
            send(number, invocation)
        except Gone:
            self._slots.release()
            raise
        outcome: asyncio.Future[Outcome] = self._loop.create_future()
        within = invocation.within_seconds
        limit = self.timeouts.get(invocation.function, within)
        expire = self._time_out if limit <= within else self._leave
        timer = self._loop.call_later(min(limit, within), expire, number)
        self._flying[number] = _Flight(outcome, invocation.request_id, limit, within, timer)
        return await outcome

    def land(self, number: int, outcome: Outcome) -> bool:
        """Take note of an outcome; False if its invocation has been given up."""
        flight = self._flying.pop(number, None)
        if flight is None:
            return False
        flight.timer.cancel()
        self._slots.release()
        _settle(flight, outcome)
        return True

    def crash(self, reason: str) -> None:
        """End every invocation as one whose process ended."""
        for number, flight in list(self._flying.items()):
            text = f"RequestId: {flight.request_id} Error: {reason}"
            self.land(number, FunctionError("Runtime.ExitError", text))

    def _leave(self, number: int) -> None:
        """The caller has waited long enough; the function may run on to its own timeout."""
        flight = self._flying[number]
        _settle(flight, StillRunning())
        rest = flight.timeout_seconds - flight.within_seconds
        flight.timer = self._loop.call_later(rest, self._time_out, number)

    def _time_out(self, number: int) -> None:
        flight = self._flying[number]
        self._log(FunctionLog(timed_out_line(flight.request_id, flight.timeout_seconds)))
        self.land(number, TimedOut(flight.timeout_seconds))
        self._on_time_out()


def _settle(flight: _Flight, outcome: Outcome) -> None:
    if not flight.outcome.done():
        flight.outcome.set_result(outcome)
