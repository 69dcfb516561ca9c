"""API keys and what a usage plan lets each of them do (section 5)."""

from __future__ import annotations

import threading
from time import gmtime
from typing import TYPE_CHECKING, Literal

from chalice.gateway.responses import INVALID_API_KEY, QUOTA_EXCEEDED, THROTTLED, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice.gateway.call import Call, Grant
    from chalice.gateway.stage import Stage
    from chalice.rules.callers import UsagePlan

_DAY_SECONDS = 86_400


class Keys:
    """The keys of a stage."""

    def __init__(self, stage: Stage, clock: Callable[[], float], *, from_authorizer: bool) -> None:
        self._usage: dict[str, Usage | None] = dict.fromkeys(stage.api_keys)
        for plan in stage.usage_plans:
            self._usage.update(dict.fromkeys(plan.api_keys, Usage(plan, clock)))
        self._from_authorizer = from_authorizer

    def check(self, call: Call, grant: Grant) -> str:
        """Return the key that the caller showed, after counting its use.

        Raises:
            Refusal: there is none, nobody knows it, or its plan is used up.
        """
        key = grant.usage_key if self._from_authorizer else call.arrival.header("x-api-key")
        if not key:
            raise Refusal(INVALID_API_KEY, reason="the method wants an API key: none was sent")
        if key not in self._usage:
            raise Refusal(
                INVALID_API_KEY, reason="the method wants an API key: this one is unknown"
            )
        usage = self._usage[key]
        if usage is not None:
            usage.count(key)
        return key


class Usage:
    """Counts the uses of keys: a token bucket for the rate, a number for the quota (rule 5.3).

    Each key of a plan has a bucket and a number of its own.
    Source: API Gateway developer guide, "Usage plans and API keys for REST APIs in API Gateway".
    """

    def __init__(self, plan: UsagePlan, clock: Callable[[], float]) -> None:
        self._plan = plan
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[str, tuple[float, float]] = {}
        self._used: dict[str, tuple[int, int]] = {}

    def count(self, key: str) -> None:
        """Count one use; raise the refusal where the plan has none left."""
        with self._lock:
            now = self._clock()
            left = self._left(key, now)
            if left is not None and left < 1:
                raise Refusal(THROTTLED, reason="the API key is used faster than its plan allows")
            self._count_quota(key, now)
            if left is not None:
                self._buckets[key] = (left - 1, now)

    def _left(self, key: str, now: float) -> float | None:
        """Return what is in the bucket of *key*; None where the plan has no rate."""
        rate, burst = self._plan.rate, self._plan.burst
        if rate is None or burst is None:
            return None
        left, since = self._buckets.get(key, (float(burst), now))
        left = min(float(burst), left + max(0.0, now - since) * rate)
        self._buckets[key] = (left, now)
        return left

    def _count_quota(self, key: str, now: float) -> None:
        quota = self._plan.quota
        if quota is None:
            return
        current = period_of(now, self._plan.period)
        period, used = self._used.get(key, (current, 0))
        if period != current:
            used = 0
        if used >= quota:
            raise Refusal(QUOTA_EXCEEDED, reason="the quota of the API key is used up")
        self._used[key] = (current, used + 1)


def period_of(seconds: float, period: Literal["DAY", "WEEK", "MONTH"]) -> int:
    """Return the number of the period in which *seconds* since the epoch are.

    Source: API Gateway API reference, "QuotaSettings": a week that is not shifted begins on Sunday.

    >>> sunday = 1_783_814_400  # 2026-07-12, 00:00 UTC
    >>> period_of(sunday, "WEEK") - period_of(sunday - 1, "WEEK")
    1
    """
    if period == "MONTH":
        at = gmtime(seconds)
        return at.tm_year * 12 + at.tm_mon
    days = int(seconds // _DAY_SECONDS)
    return days if period == "DAY" else (days + 4) // 7
