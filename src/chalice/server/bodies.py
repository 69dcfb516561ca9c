"""Bodies of requests: read in time, and never more of them at once than there is room for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from chalice.gateway.limits import MAX_BODY_BYTES
from chalice.server.wire import Refused, first_line

if TYPE_CHECKING:
    from aiohttp.web_request import BaseRequest

    from chalice.server.front import Connection
    from chalice.server.wire import Head


class Room:
    """Counts the bytes of the bodies of all requests that are under way.

    Args:
        most: how many there may be.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.taken = 0


class Held:
    """What one request has taken of a room."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._size = 0

    def take(self, size: int) -> None:
        """Take *size* bytes more.

        Raises:
            Refused: 503 if there is no room for them.
        """
        room = self._room
        if room.taken + size > room.most:
            raise Refused(503, f"the bodies of all requests under way exceed {room.most} bytes")
        room.taken += size
        self._size += size

    def release(self) -> None:
        """Give back all that was taken."""
        self._room.taken -= self._size
        self._size = 0


# Stands for every body over the limit: the gateway answers it by its size alone (rule 7.4).
_too_large: list[bytes] = []


def _oversized() -> bytes:
    if not _too_large:
        _too_large.append(bytes(MAX_BODY_BYTES + 1))
    return _too_large[0]


async def read(connection: Connection, request: BaseRequest, head: Head, held: Held) -> bytes:
    """Return the body, or as much of it as shows that it is over the limit.

    Args:
        connection: over which it comes.
        request: whose body it is.
        head: the request's.
        held: takes room for what is read.

    Raises:
        Refused: 400 if it is damaged, 408 if it does not come, 503 if there is no room for it.
    """
    if head.length is not None and head.length > MAX_BODY_BYTES:
        return _oversized()
    if head.waits:
        connection.encourage()
    limits = connection.front.limits
    content = request.content
    now = asyncio.get_running_loop().time
    end = now() + limits.body_total_seconds
    pieces: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout_at(end) as timer:
            while not content.at_eof():
                connection.check_more_can_come()
                timer.reschedule(min(now() + limits.body_seconds, end))
                piece = await content.readany()
                size += len(piece)
                if size > MAX_BODY_BYTES:
                    return _oversized()
                held.take(len(piece))
                pieces.append(piece)
    except TimeoutError:
        if now() >= end:
            reason = f"the body took more than {limits.body_total_seconds:g} s"
        else:
            reason = f"the body stood still for {limits.body_seconds:g} s"
        raise Refused(408, reason) from None
    except (ConnectionError, Refused):
        raise
    except Exception as error:
        raise Refused(400, f"the body cannot be read: {first_line(str(error))}") from error
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)
