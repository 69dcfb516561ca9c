"""The Runtime API of one execution environment: the HTTP that `awslambdaric` speaks (rule 10.16).

Source: Lambda developer guide, "Using the Lambda runtime API for custom runtimes".
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

from chalice.invocation import MAX_RESULT_BYTES, TOO_LARGE
from chalice.invoke.lambda_runtime.peers import stranger

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalice.invoke.lambda_runtime.peers import Processes

_VERSION = "/2018-06-01/runtime/"

# The head holds the X-Ray cause of an error, which the client sends up to 1 MiB of.
_MOST_HEAD_BYTES = 2 * 1024 * 1024

# Source: observed in the log of a function of python3.12 whose result is too large.
_REFUSED_AS_TOO_LARGE = (
    413,
    "RequestEntityTooLarge",
    "Exceeded maximum allowed payload size (6291556 bytes).",
)

_ACCEPTED = (
    b"HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n"
    b'{"status":"OK"}\n'
)


class Listener(Protocol):
    """Is told what the runtime says; each method but the first returns whether it fits."""

    def wants_next(self, deliver: Callable[[Mapping[str, str], bytes], None]) -> bool:
        """Note that the runtime is ready; *deliver* hands it an event."""
        ...

    def answered(self, request_id: str, payload: bytes | None) -> bool:
        """Take the function's result; None is one that is too large."""
        ...

    def failed(self, request_id: str, payload: bytes) -> bool:
        """Take the error of an invocation."""
        ...

    def failed_init(self, payload: bytes) -> bool:
        """Take the error of the init phase."""
        ...


@dataclass(slots=True)
class _Request:
    """One request, as far as it has come."""

    method: str
    path: str
    length: int
    body: bytearray = field(default_factory=bytearray)
    skipped: int = 0


class Connection(asyncio.Protocol):
    """One connection of the runtime; requests come one after the other.

    Args:
        listener: is told what they say.
        connections: those that are open; this is one of them until it is lost.
        processes: whose connections are served; None for nobody's.
        refused: is told who else asks.
    """

    def __init__(
        self,
        listener: Listener,
        connections: set[Connection],
        processes: Processes | None,
        refused: Callable[[str], None],
    ) -> None:
        self._listener = listener
        self._connections = connections
        self._processes = processes
        self._refused = refused
        self._is_known = False
        self._transport: asyncio.Transport | None = None
        self._head = b""
        self._request: _Request | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport; asyncio has turned off Nagle's algorithm on it."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what a server hands over
        self._transport = transport
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go: what was to be sent has nobody to go to."""
        del exc  # however it was lost
        self._transport = None
        self._connections.discard(self)

    def abort(self) -> None:
        """End the connection."""
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Read on."""
        while data:
            if self._request is None:
                data = self._read_head(data)
            request = self._request
            if request is None:
                continue
            data = self._read_body(request, data)
            if len(request.body) + request.skipped == request.length:
                self._request = None
                self._act(request)

    def _read_head(self, data: bytes) -> bytes:
        """Return what is left of *data* after the head, if it ends there."""
        head, end, rest = (self._head + data).partition(b"\r\n\r\n")
        if not end:
            self._head = head
            if len(head) > _MOST_HEAD_BYTES:
                self._refuse(431, "InvalidRequest", "The head of the request is too large")
            return b""
        self._head = b""
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, *_ = [*first.split(" "), ""]
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        foreigner = self._foreigner(headers)
        if foreigner:
            self._refused(foreigner)
            self._refuse(403, "Forbidden", "Only the runtime may ask")
            return b""
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isdecimal():
            self._refuse(411, "LengthRequired", "The request needs a Content-Length")
            return b""
        if headers.get("expect", "").lower() == "100-continue":
            self._send(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._request = _Request(method, path, int(length))
        return rest

    def _foreigner(self, headers: Mapping[str, str]) -> str:
        """Return who asks if it is not the environment; any page may try this machine's ports."""
        assert self._transport is not None  # noqa: S101 - data came over it
        own: tuple[str, int] = self._transport.get_extra_info("sockname")[:2]
        if (
            headers.get("host") != f"{own[0]}:{own[1]}"
            or "origin" in headers
            or any(name.startswith("sec-fetch-") for name in headers)
        ):
            return "a page in a browser"
        if self._processes is None:
            return "a program"
        if self._is_known:
            return ""
        peer: tuple[str, int] = self._transport.get_extra_info("peername")[:2]
        found = stranger(peer, own, self._processes)
        self._is_known = not found
        return found

    def _read_body(self, request: _Request, data: bytes) -> bytes:
        wanted = request.length - len(request.body) - request.skipped
        piece, rest = data[:wanted], data[wanted:]
        if request.length > MAX_RESULT_BYTES:
            request.skipped += len(piece)
        else:
            request.body += piece
        return rest

    def _act(self, request: _Request) -> None:
        too_large = request.length > MAX_RESULT_BYTES
        parts = request.path.removeprefix(_VERSION).split("/")
        match request.method, parts:
            case "GET", ["invocation", "next"]:
                fits = self._listener.wants_next(self._deliver)
                if not fits:
                    self._refuse_state()
                return
            case "POST", ["invocation", request_id, "response"]:
                fits = self._listener.answered(
                    request_id, None if too_large else bytes(request.body)
                )
                if fits and too_large:
                    self._refuse(*_REFUSED_AS_TOO_LARGE)
                    return
            case "POST", ["invocation", request_id, "error"]:
                payload = TOO_LARGE.raw if too_large else bytes(request.body)
                fits = self._listener.failed(request_id, payload)
            case "POST", ["init", "error"]:
                fits = self._listener.failed_init(bytes(request.body))
            case _:
                self._refuse(404, "NotFound", f"There is no {request.method} {request.path}")
                return
        if fits:
            self._send(_ACCEPTED)
        else:
            self._refuse_state()

    def _deliver(self, headers: Mapping[str, str], payload: bytes) -> None:
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            f"{lines}Content-Length: {len(payload)}\r\n\r\n"
        )
        self._send(head.encode("latin-1", "replace") + payload)

    def _refuse_state(self) -> None:
        self._refuse(403, "InvalidStateTransition", "State transition is not allowed")

    def _refuse(self, status: int, error_type: str, message: str) -> None:
        body = json.dumps({"errorMessage": message, "errorType": error_type}).encode()
        reason = HTTPStatus(status).phrase
        head = f"HTTP/1.1 {status} {reason}\r\nContent-Type: application/json\r\n"
        end = f"Connection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        self._send(f"{head}{end}".encode() + body)
        if self._transport is not None:
            self._transport.close()

    def _send(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)


class RuntimeApi:
    """The Runtime API of one environment, on a port of its own.

    Args:
        listener: is told what the runtime says.
        refused: is told who else asks, in words: `a program of user 1000`.

    Attributes:
        listener: as given; connections keep the one they began with.
        processes: those of the environment, which alone are served; None for none yet.
        address: where it listens, once it does.
    """

    def __init__(self, listener: Listener, refused: Callable[[str], None]) -> None:
        self.listener = listener
        self.processes: Processes | None = None
        self._refused = refused
        self._connections: set[Connection] = set()
        self._server: asyncio.Server | None = None
        self.address = ""

    async def open(self) -> None:
        """Listen; `address` says where."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Connection(self.listener, self._connections, self.processes, self._refused),
            "127.0.0.1",
            0,
        )
        host, port = self._server.sockets[0].getsockname()[:2]
        self.address = f"{host}:{port}"

    def close(self) -> None:
        """End it and its connections."""
        if self._server is not None:
            self._server.close()
        for connection in tuple(self._connections):
            connection.abort()
