"""What a client gets that connects when there are as many connections as there may be."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from chalice.server.wire import Refused, framed

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice.gateway.http import HttpResponse

# How long such a client may take to read the answer, and how many may be at it at a time: those
# beyond are closed without one.
_SECONDS = 1.0
_MOST = 64


class TurnedAway(asyncio.Protocol):
    """Answers 503 and closes.

    Args:
        all_of_them: those that are being turned away at the moment.
        report: is told of the answer.
        answer: returns it.
        most: how many connections there may be.
    """

    def __init__(
        self,
        all_of_them: set[TurnedAway],
        report: Callable[[Refused, str], None],
        answer: Callable[[Refused], HttpResponse],
        most: int,
    ) -> None:
        self._all = all_of_them
        self._report = report
        self._answer = answer
        self._most = most

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Answer before anything is asked."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - a stream socket's
        if len(self._all) >= _MOST:
            transport.abort()
            return
        self._all.add(self)
        refused = Refused(503, f"there are {self._most} connections already")
        self._report(refused, "")
        data, _ = framed(self._answer(refused), method="", keep_alive=False, seconds=time.time())
        transport.write(data)
        # What the client sends is read and thrown away meanwhile: closed at once, the connection
        # would be reset, and the client might never see the answer.
        if transport.can_write_eof():
            transport.write_eof()
        asyncio.get_running_loop().call_later(_SECONDS, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Make room for the next one."""
        del exc
        self._all.discard(self)
