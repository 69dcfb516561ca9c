"""The HTTP side: connections in, one answer for each request, in order, within bounds.

aiohttp parses and keeps the order of pipelined requests. Added here: the answers to what cannot be
parsed, time limits for heads and bodies, the host check, framing.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from typing import TYPE_CHECKING, Any, cast

from aiohttp.http_exceptions import LineTooLong
from aiohttp.http_parser import RawRequestMessage
from aiohttp.web_protocol import RequestHandler
from aiohttp.web_server import Server

from chalice.gateway.http import HttpRequest
from chalice.server.bodies import Held, Room
from chalice.server.bodies import read as read_body
from chalice.server.pieces import Pieces
from chalice.server.records import Answered, Fault, Notice
from chalice.server.reply import Reply
from chalice.server.turned_away import TurnedAway
from chalice.server.wire import Refused, first_line, framed, read_head, refusal, with_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aiohttp.streams import StreamReader
    from aiohttp.web_request import BaseRequest
    from aiohttp.web_response import StreamResponse

    from chalice.gateway.http import HttpResponse
    from chalice.server.deployment import Deployments
    from chalice.server.limits import Limits
    from chalice.server.records import Log
    from chalice.server.wire import Head

# How soon the next of several pipelined requests is begun, at the latest.
_NEXT_SECONDS = 0.05

# What no parser takes, wherever it stands in a request line.
_NO_REQUEST = b"\0\r\n\r\n"


class Connection(RequestHandler):
    """One connection."""

    __slots__ = (
        "_answering",
        "_coming",
        "_head_bytes",
        "_held",
        "_pieces",
        "_refused",
        "_rested_at",
        "_resting",
        "_spoilt",
        "client",
        "content",
        "front",
        "half_closed",
        "own",
    )

    def __init__(self, front: Front, **options: Any) -> None:
        super().__init__(front, **options)
        self.front = front
        front.connected += 1  # here, since many are accepted before the first one is made
        self.client = ""  # the address at the other end
        self.own = ""  # the address at this one
        self.half_closed = False
        self._answering = False
        self._rested_at = -1.0
        self._pieces = Pieces()
        self._held = b""  # what the parser gets when there is room for it
        self._spoilt = False  # nothing more is read
        self._refused: Refused | None = None  # why the request line that came last is refused
        self._coming: StreamReader | None = None  # the body that came last, or is coming
        self._rest()

    def _rest(self) -> None:
        self._resting = True  # between requests: what comes now is a head
        self._head_bytes = 0
        self.content: StreamReader | None = None  # the body of the request that is being answered

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note who it is."""
        super().connection_made(transport)
        self.client = _address(transport, "peername").removeprefix("::ffff:")
        self.own = _address(transport, "sockname")

    def data_received(self, data: bytes) -> None:
        """Pass *data* to the parser, piece by piece."""
        if not data:  # the parser goes on with what it kept
            self._feed(data)
        if self._held:
            data, self._held = self._held + data, b""
        pieces = self._pieces
        start, size = 0, len(data)
        while start < size and not self._spoilt:
            if self._reading_paused or len(self._messages) >= self._most_messages:
                self._held = data[start:]
                return
            if pieces.in_chunks and self._coming is not None and self._coming.is_eof():
                pieces.in_chunks = False
            end = pieces.end(data, start)
            self._take(data[start:end])
            start = end

    @property
    def _most_messages(self) -> int:
        return getattr(self, "_max_msg_queue_size", sys.maxsize)  # some versions have none

    def _take(self, piece: bytes) -> None:
        """Have one piece parsed."""
        self._refused = self._pieces.refused(piece)
        self._feed(piece if self._refused is None else _NO_REQUEST)
        if self._resting:
            self._watch_head(len(piece))

    def _feed(self, piece: bytes) -> None:
        """Pass *piece* to the parser, and see what it made of it."""
        known = len(self._messages)
        try:
            super().data_received(piece)
        except Exception as error:  # noqa: BLE001 - some versions let a broken URL escape
            self._spoilt = True
            self.give_up(Refused(400, first_line(str(error))))
            return
        if len(self._messages) > known:
            message, payload = self._messages[-1]
            if isinstance(message, RawRequestMessage):
                self._coming = payload
                self._pieces.request(None if message.chunked else _length(message.headers))
            else:
                self._spoil()

    def _spoil(self) -> None:
        """Read no more: the parser has met an error, which is answered when it is its turn."""
        self._spoilt = True
        body = self._coming
        if body is not None and not body.is_eof():
            body.set_exception(ValueError("what came is not the rest of a body"))

    def _watch_head(self, size: int) -> None:
        """See that a head that is coming ends in time, and is not too large."""
        if self._pieces.head_ends or self._pieces.of_body:
            self.busy()
            return
        self._head_bytes += size
        self.front.heads.setdefault(self, self.front.now())
        most = self.front.limits.head_bytes
        if self._head_bytes > most:
            self._spoilt = True
            self.give_up(Refused(431, f"a head of more than {most} bytes"))

    def eof_received(self) -> bool:  # type: ignore[override]  # aiohttp's returns None: close
        """Answer a client that closes its side once it has sent a whole request."""
        if self._resting:
            # Right after an answer the next of several pipelined requests may be about to begin.
            since = self.front.now() - self._rested_at
            if self._head_bytes or since > _NEXT_SECONDS:
                return False
            self._loop.call_later(_NEXT_SECONDS, self._close_if_resting)
        elif self.content is not None and not self.content.is_eof():
            return False
        self.half_closed = True
        return True

    def connection_lost(self, exc: BaseException | None) -> None:
        """Forget the connection."""
        self.front.connected -= 1
        self.front.heads.pop(self, None)
        super().connection_lost(exc)

    def busy(self) -> None:
        """Note that a head is complete: what comes now is its body, or the next request."""
        self._resting = False
        self.front.heads.pop(self, None)

    def begin(self, request: BaseRequest) -> None:
        """Note that *request* is being answered, until `finish_response`."""
        self.busy()
        self.content = request.content
        self._answering = True
        self.front.in_progress += 1

    async def finish_response(
        self, request: BaseRequest, resp: StreamResponse, start_time: float | None
    ) -> tuple[StreamResponse, bool]:
        """Send the answer; then the next head may begin, if the connection is kept."""
        content = request.content
        if content.exception() is not None and not content.is_eof():
            content.feed_eof()  # there is no rest of it to wait for
        try:
            return await super().finish_response(request, resp, start_time)
        finally:
            if self._answering:
                self._answering = False
                self.front.in_progress -= 1
            if resp.keep_alive:
                self._rest()
                self._rested_at = self.front.now()
                if self.half_closed:
                    self._loop.call_later(_NEXT_SECONDS, self._close_if_resting)

    def encourage(self) -> None:
        """Tell a client that waits to send its body."""
        if self.transport is not None:
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def check_more_can_come(self) -> None:
        """Refuse a request whose client closed its side within the body."""
        if self.half_closed and self.content is not None and not self.content.is_eof():
            raise Refused(400, "the client closed its side within the body")

    def _close_if_resting(self) -> None:
        """Close a connection over which no further request can come, once all are answered."""
        if self._resting:
            self.force_close()

    def give_up(self, refused: Refused) -> None:
        """Answer a request whose head never became complete, and close."""
        self.front.heads.pop(self, None)
        transport = self.transport
        if transport is None or transport.is_closing():
            return
        self.front.report(refused, self.client)
        data, _ = framed(
            self.front.refusal(refused), method="", keep_alive=False, seconds=time.time()
        )
        transport.write(data)
        self.force_close()

    def handle_error(
        self,
        request: BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> StreamResponse:
        """Return the answer to what the parser refused, without the parser's words."""
        del request
        self.busy()
        if status == 400:
            too_long = isinstance(exc, LineTooLong)
            words = first_line(message or str(exc))
            refused = self._refused or Refused(431 if too_long else 400, words)
        else:
            refused = Refused(500, f"{type(exc).__name__}: {exc}")
        self.front.report(refused, self.client)
        data, _ = framed(
            self.front.refusal(refused), method="", keep_alive=False, seconds=time.time()
        )
        return Reply(data, self.front, keep_alive=False)


def _length(headers: Mapping[str, str]) -> int:
    """Return the length of a body that is not in chunks; what is no number the parser refuses."""
    text = headers.get("Content-Length", "0")
    return int(text) if text.isdigit() else 0


def _address(transport: asyncio.BaseTransport, end: str) -> str:
    name = transport.get_extra_info(end)
    return str(cast("tuple[object, ...]", name)[0]) if isinstance(name, tuple) else ""


class _ToLog(logging.Handler):
    """What aiohttp would log becomes a record."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log
        self.formatter = logging.Formatter()

    def emit(self, record: logging.LogRecord) -> None:
        """Report *record*."""
        self._log(Fault(record.getMessage(), self.format(record)))


class Front(Server):
    """Makes a `Connection` of each client and answers its requests.

    Args:
        deployments: answers what has been read and admitted.
        log: gets a record for each answer.
        limits: bounds what clients may do.
        everywhere: whether every address of this machine is listened on. Clients then cannot name
            the one that was given; they may name the one that they have connected to.
        show_rules: tell clients, too, which rules decided an answer, in a header of ours.
        mark: what becomes of answers that are given without asking the gateway; nothing by default.
    """

    def __init__(
        self,
        deployments: Deployments,
        log: Log,
        limits: Limits,
        *,
        everywhere: bool = False,
        show_rules: bool = False,
        mark: Callable[[HttpResponse], HttpResponse] | None = None,
    ) -> None:
        super().__init__(self._serve)
        self.limits = limits
        self._mark = mark
        self._show_rules = show_rules
        self._deployments = deployments
        self._log = log
        self._everywhere = everywhere
        self.now = asyncio.get_running_loop().time
        self.heads: dict[Connection, float] = {}
        self.draining = False
        self.in_progress = 0
        self.connected = 0
        self.room = Room(limits.bodies_bytes)
        self._turned_away: set[TurnedAway] = set()
        logger = logging.Logger("chalice.server")  # noqa: LOG001 - one that no configuration reaches
        logger.addHandler(_ToLog(log))
        self._options = _supported(
            loop=asyncio.get_running_loop(),
            access_log=None,
            auto_decompress=False,
            keepalive_timeout=limits.idle_seconds,
            lingering_time=limits.linger_seconds,
            logger=logger,
            max_field_size=limits.line_bytes,
            max_headers=limits.head_bytes // 4,
            max_line_size=limits.line_bytes,
            tcp_keepalive=True,
        )

    def __call__(self) -> Connection | TurnedAway:  # type: ignore[override]  # may be full
        """Return the protocol of a new connection."""
        if self.connected < self.limits.connections:
            return Connection(self, **self._options)
        return TurnedAway(self._turned_away, self.report, self.refusal, self.limits.connections)

    async def keep_time(self) -> None:
        """Close connections whose head takes too long, for ever."""
        while True:
            await asyncio.sleep(0.5)
            oldest = self.now() - self.limits.head_seconds
            late: list[Connection] = []
            for connection, began in self.heads.items():
                if began > oldest:
                    break
                late.append(connection)
            for connection in late:
                seconds = self.limits.head_seconds
                connection.give_up(Refused(408, f"the head took more than {seconds:g} s"))

    async def drained(self, seconds: float) -> None:
        """Wait until no request is being answered, but no more than *seconds*."""
        until = self.now() + seconds
        while self.in_progress and self.now() < until:
            await asyncio.sleep(0.02)

    def report(self, refused: Refused, client: str, method: str = "", target: str = "") -> None:
        """Record a request that was answered without asking the gateway."""
        response = self.refusal(refused)
        size = len(response.body)
        self._log(
            Answered(method, target, refused.status, 0.0, None, size, response.reason, client)
        )

    def refusal(self, refused: Refused) -> HttpResponse:
        """Return the answer to a request that is refused without asking the gateway."""
        response = refusal(refused)
        return response if self._mark is None else self._mark(response)

    def cut_off(self, request: BaseRequest, seconds: float) -> None:
        """Report a client whose connection was closed because it does not read its answer."""
        text = f"{request.method} {request.raw_path}"
        self._log(Notice(f"Cut off a client that did not read `{text}` within {seconds:g} s"))

    async def _serve(self, request: BaseRequest) -> StreamResponse:
        connection = request.protocol
        assert isinstance(connection, Connection)  # noqa: S101 - what __call__ makes
        connection.begin(request)
        began = self.now()
        client = connection.client
        held = Held(self.room)
        try:
            head = read_head(
                request.method,
                request.raw_path,
                (request.version.major, request.version.minor),
                request.raw_headers,
                self._deployments.hosts,
                connection.own if self._everywhere else "",
            )
            body = b"" if head.length == 0 else await read_body(connection, request, head, held)
            response = await self._deployments.answer(
                HttpRequest(head.method, head.target, head.headers, body, client)
            )
            keep_alive = self._keeps(request, head)
        except Refused as refused:
            response = self.refusal(refused)
            keep_alive = False
        finally:
            held.release()
        if self._show_rules:
            response = with_rules(response)
        data, sent = framed(
            response, method=request.method, keep_alive=keep_alive, seconds=time.time()
        )
        self._log(
            Answered(
                request.method,
                request.raw_path,
                sent.status,
                self.now() - began,
                sent.resource or response.resource,
                len(sent.body),
                sent.reason,
                client,
                response.rules,
                response.not_emulated,
            )
        )
        # Such a client sends nothing more that would have to be read before closing.
        at_once = not keep_alive and (sent.status == 408 or connection.half_closed)
        return Reply(data, self, keep_alive=keep_alive, at_once=at_once)

    def _keeps(self, request: BaseRequest, head: Head) -> bool:
        """Tell whether the connection is kept.

        It is not where bytes may follow that the parser takes for another protocol, or for a body
        that nobody has read.
        """
        return (
            request.keep_alive
            and not self.draining
            and not head.upgrade
            and (head.length == 0 or request.content.is_eof())
        )


def _supported(**options: Any) -> dict[str, Any]:
    """Return the options that this version of aiohttp has."""
    import inspect  # noqa: PLC0415 - aiohttp has imported it

    known = inspect.signature(RequestHandler.__init__).parameters
    return {name: value for name, value in options.items() if name in known}
