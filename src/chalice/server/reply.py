"""How an answer is sent whose bytes are already made."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp.web_response import StreamResponse

if TYPE_CHECKING:
    from aiohttp.abc import AbstractStreamWriter
    from aiohttp.web_request import BaseRequest

    from chalice.server.front import Front


class Reply(StreamResponse):
    """An answer whose bytes are already made.

    Args:
        data: the bytes.
        keep_alive: whether the connection is kept.
        front: is told if the client does not read it in time.
        at_once: close without reading what the client may still send.
    """

    def __init__(
        self, data: bytes, front: Front, *, keep_alive: bool, at_once: bool = False
    ) -> None:
        super().__init__()
        self._data = data
        self._front = front
        self._stays = keep_alive
        self._at_once = at_once

    @property
    def keep_alive(self) -> bool | None:
        """Whether the connection is kept."""
        return self._stays

    async def prepare(self, request: BaseRequest) -> AbstractStreamWriter | None:
        """Send the answer; give up on a client that does not read it."""
        transport = request.transport
        if transport is None:
            raise ConnectionResetError
        transport.write(self._data)
        if request.protocol.writing_paused:
            seconds = self._front.limits.read_seconds
            try:
                async with asyncio.timeout(seconds):
                    await request.writer.drain()
            except TimeoutError:
                transport.abort()
                self._front.cut_off(request, seconds)
                raise ConnectionResetError from None
        if self._at_once:
            transport.close()
        return request.writer

    async def write_eof(self, data: bytes = b"") -> None:
        """Add nothing."""
