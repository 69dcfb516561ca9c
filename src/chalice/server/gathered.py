"""Keeps the log out of the way of answers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from chalice.server.records import Answered

if TYPE_CHECKING:
    from chalice.server.records import Log, Record

# How long the line of an answer may wait for those of others: nobody sees it at a terminal, and a
# client that never rests is answered several times meanwhile.
_SECONDS = 0.005


class Gathered:
    """Hands records on in their order, those of answers a moment later.

    A log wakes a thread to write, which then wants the interpreter lock. One for each answer, just
    before it is sent, would cost more than the rest of sending it.

    Args:
        log: gets the records.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._loop = asyncio.get_running_loop()
        self._waiting: list[Record] = []

    def __call__(self, record: Record) -> None:
        """Take *record*."""
        if isinstance(record, Answered):
            if not self._waiting:
                self._loop.call_later(_SECONDS, self.flush)
            self._waiting.append(record)
            return
        self.flush()
        self._log(record)

    def flush(self) -> None:
        """Hand on what waits."""
        waiting, self._waiting = self._waiting, []
        for record in waiting:
            self._log(record)
