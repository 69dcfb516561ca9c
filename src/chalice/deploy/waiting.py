"""Waiting for something in the cloud, with pauses that grow, and not for ever."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_FIRST_SECONDS = 0.1
_GROWTH = 1.4
_LONGEST_PAUSE_SECONDS = 4.0
# Longer than what takes longest of what stacks of ours have: a custom domain, 40 minutes. Source:
# API Gateway developer guide, "Set up an edge-optimized custom domain name", "Considerations".
_LONGEST_SECONDS = 3 * 3600.0


@dataclass(frozen=True, slots=True)
class Clock:
    """Time, as far as deploying needs it.

    Attributes:
        sleep: waits, in seconds.
        now: seconds of a clock that only goes on.
        today: the day and the time of day.
    """

    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic
    today: Callable[[], datetime] = lambda: datetime.now(UTC)


class Pauses:
    """The pauses between looks at one thing."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until = clock.now() + _LONGEST_SECONDS
        self._seconds = _FIRST_SECONDS

    def wait(self) -> bool:
        """Wait a while; False where it has been long enough."""
        if self._clock.now() >= self._until:
            return False
        self._clock.sleep(self._seconds)
        self._seconds = min(self._seconds * _GROWTH, _LONGEST_PAUSE_SECONDS)
        return True

    def again(self) -> None:
        """Begin with short pauses again: something has happened."""
        self._seconds = min(self._seconds, 1.0)
