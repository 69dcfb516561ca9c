"""API keys and what a usage plan lets each of them do (section 5)."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from chalice.gateway.responses import INVALID_API_KEY, QUOTA_EXCEEDED, THROTTLED, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice.gateway.call import Call, Grant
    from chalice.gateway.stage import Stage, UsagePlan


class Keys:
    """The keys of a stage."""

    def __init__(self, stage: Stage, clock: Callable[[], float], *, from_authorizer: bool) -> None:
        self._keys = frozenset(stage.api_keys)
        self._from_authorizer = from_authorizer
        self._usage = None if stage.usage_plan is None else Usage(stage.usage_plan, clock)

    def check(self, call: Call, grant: Grant) -> str:
        """Return the key that the caller showed, after counting its use.

        Raises:
            Refusal: there is none, nobody knows it, or its plan is used up.
        """
        key = grant.usage_key if self._from_authorizer else call.arrival.header("x-api-key")
        if not key:
            raise Refusal(INVALID_API_KEY, reason="the method wants an API key: none was sent")
        if key not in self._keys:
            raise Refusal(
                INVALID_API_KEY, reason="the method wants an API key: this one is unknown"
            )
        if self._usage is not None:
            self._usage.count(key)
        return key


class Usage:
    """Counts the uses of keys: a token bucket for the rate, a number for the quota (rule 5.3)."""

    def __init__(self, plan: UsagePlan, clock: Callable[[], float]) -> None:
        self._plan = plan
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[str, tuple[float, float]] = {}
        self._used: dict[str, tuple[int, int]] = {}

    def count(self, key: str) -> None:
        """Count one use; raise the refusal where the plan has none left."""
        plan = self._plan
        with self._lock:
            now = self._clock()
            left, since = self._buckets.get(key, (float(plan.burst), now))
            left = min(float(plan.burst), left + max(0.0, now - since) * plan.rate)
            if left < 1:
                self._buckets[key] = (left, now)
                raise Refusal(THROTTLED, reason="the API key is used faster than its plan allows")
            period = int(now // plan.period_seconds)
            began, used = self._used.get(key, (period, 0))
            if began != period:
                used = 0
            if plan.quota is not None and used >= plan.quota:
                raise Refusal(QUOTA_EXCEEDED, reason="the quota of the API key is used up")
            self._buckets[key] = (left - 1, now)
            self._used[key] = (period, used + 1)
