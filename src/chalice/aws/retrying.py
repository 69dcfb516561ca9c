"""Calls that are tried again: those that AWS throttles, and those whose answer is lost.

A call whose answer is lost may have been carried out. So what is called is made such that calling
it twice does no harm: names are given by us and the same each time, tokens travel along, and who
calls takes "it exists already" for an answer.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = TypeVar("Answer")

# Codes of refusals for now: nothing was done, so asking again does no harm.
# Source: botocore, `retries/standard.py`, ThrottledRetryableChecker.
THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
# Source: RFC 6585, section 4, "429 Too Many Requests".
_THROTTLED_STATUS = 429

# Failures on the way: what was asked for may have been done, as where an answer is lost.
# Source: botocore, `retries/standard.py`, TransientRetryableChecker.
_PASSING = frozenset({"RequestTimeout", "RequestTimeoutException"})
_PASSING_STATUSES = frozenset({500, 502, 503, 504})

# Eight tries wait at most 51.5 s altogether, on average half of it.
MOST_TRIES = 8
# Where nothing listens, waiting seldom helps.
MOST_CONNECTS = 3

_FIRST_SECONDS = 0.5
_LONGEST_SECONDS = 20.0


class Again(Exception):
    """A call failed in a way that passes; *error* is what to say where it does not.

    Attributes:
        tries: how often such a call is worth trying, the first time included.
    """

    def __init__(self, error: Exception, tries: int = MOST_TRIES) -> None:
        super().__init__(str(error))
        self.error = error
        self.tries = tries


def is_throttled(code: str, status: int) -> bool:
    """Return whether a refusal says "later", so that nothing was done."""
    return code in THROTTLED or status == _THROTTLED_STATUS


def is_passing(code: str, status: int) -> bool:
    """Return whether a refusal is a failure that passes, after which nobody knows what was done."""
    return code in _PASSING or status in _PASSING_STATUSES


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited between tries.

    Attributes:
        sleep: waits, in seconds.
        share: a number from 0 to 1, another one each time: callers who were refused together must
            not come back together.
    """

    sleep: Callable[[float], None] = time.sleep
    share: Callable[[], float] = field(default=random.random)

    def until_answered(self, call: Callable[[], Answer]) -> Answer:
        """Return what *call* returns, however often it has to be tried.

        Raises:
            Exception: that of the last `Again`.
        """
        tried = 0
        while True:
            try:
                return call()
            except Again as again:
                tried += 1
                if tried >= again.tries:
                    raise again.error from again
                longest = min(_LONGEST_SECONDS, _FIRST_SECONDS * 2 ** (tried - 1))
                self.sleep(longest * self.share())
