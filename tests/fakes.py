"""Working doubles for the seams: a clock that tests move, ids that count, functions in memory."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalice.invocation import (
    FunctionError,
    Invocation,
    NotInvocable,
    Outcome,
    Result,
    StillRunning,
    Throttled,
    TimedOut,
)


class FakeClock:
    """Seconds since the epoch that pass when a test says so."""

    def __init__(self, seconds: float = 1_783_711_144.5) -> None:
        self.seconds = seconds

    def __call__(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.seconds += seconds


class FakeIds:
    """Ids that have the right form and count up."""

    def __init__(self) -> None:
        self._count = 0

    def _next(self) -> int:
        self._count += 1
        return self._count

    def request_id(self) -> str:
        return f"00000000-0000-4000-a000-{self._next():012x}"

    def extended_request_id(self) -> str:
        return f"{self._next():015}="

    def trace_root(self, seconds: float) -> str:
        return f"1-{int(seconds):08x}-{self._next():024x}"

    def segment_id(self) -> str:
        return f"{self._next():016x}"


@dataclass
class FakeFunction:
    """A function: *body* gets the event and returns what JSON can hold, or raises."""

    body: Callable[[Any], Any]
    sleeps_seconds: float = 0
    timeout_seconds: float = 60
    reserved_concurrency: int | None = None
    events: list[Any] = field(default_factory=list)


class FakeInvoker:
    """Invokes functions in memory; sleeping moves the fake clock and nothing waits."""

    def __init__(self, functions: Mapping[str, FakeFunction], clock: FakeClock) -> None:
        self.functions = functions
        self.invocations: list[Invocation] = []
        self._clock = clock

    def invoke(self, invocation: Invocation) -> Outcome:
        self.invocations.append(invocation)
        function = self.functions.get(invocation.function)
        if function is None:
            return NotInvocable(f"no function `{invocation.function}`")
        if function.reserved_concurrency == 0:
            return Throttled()
        event = json.loads(invocation.payload)
        function.events.append(event)
        waits = min(function.timeout_seconds, invocation.within_seconds)
        self._clock.advance(min(function.sleeps_seconds, waits))
        if function.sleeps_seconds > waits:
            if function.timeout_seconds <= invocation.within_seconds:
                return TimedOut(function.timeout_seconds)
            return StillRunning()
        try:
            return Result(json.dumps(function.body(event)).encode())
        except Exception as error:  # noqa: BLE001 - this is where Lambda reports any error
            return FunctionError(type(error).__name__, str(error))

    def events(self, *names: str) -> Iterable[Any]:
        """Return the events that the functions *names* got."""
        return [event for name in names for event in self.functions[name].events]
