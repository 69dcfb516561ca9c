"""The logs of the functions of a stack, merged by time."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.deploy.functions import chosen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice.aws.account import Account
    from chalice.aws.cloudformation import Stack
    from chalice.aws.logs import Line, Logs
    from chalice.deploy.waiting import Clock

_PAUSE_SECONDS = 2.0
# Lines may arrive late, and in another order than they were written: so far is looked back.
_LATE_MILLISECONDS = 60_000
# So many ids of lines are remembered, so that none is told twice.
_MOST_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One line and the function that wrote it, by logical id."""

    function: str
    line: Line


def groups_of(account: Account, stack: Stack, name: str | None) -> dict[str, str]:
    """Return the log groups of a stack's functions, by logical id; of the function *name* only.

    Raises:
        ToolError: it has no such function.
    """
    functions = chosen(account, stack, name)
    found: dict[str, str] = {}
    for function, physical in functions.items():
        state = account.functions.describe(physical)
        if state is not None:
            found[function] = state.log_group
    return found


def entries(
    logs: Logs, groups: Mapping[str, str], since: int, pattern: str = ""
) -> Iterator[Entry]:
    """Yield what functions have logged from *since* on, in milliseconds since the epoch."""
    streams = [_entries(logs, name, group, since, pattern) for name, group in groups.items()]
    yield from heapq.merge(*streams, key=lambda entry: entry.line.at)


def _entries(logs: Logs, name: str, group: str, since: int, pattern: str) -> Iterator[Entry]:
    for line in logs.lines(group, since, pattern):
        yield Entry(name, line)


def following(
    logs: Logs, groups: Mapping[str, str], since: int, pattern: str, clock: Clock
) -> Iterator[Entry]:
    """Yield what functions have logged, and go on as they log; it does not end by itself."""
    told: dict[str, None] = {}
    latest = since
    while True:
        for entry in entries(logs, groups, max(since, latest - _LATE_MILLISECONDS), pattern):
            if entry.line.id in told:
                continue
            told[entry.line.id] = None
            latest = max(latest, entry.line.at)
            yield entry
        while len(told) > _MOST_REMEMBERED:
            del told[next(iter(told))]
        clock.sleep(_PAUSE_SECONDS)
