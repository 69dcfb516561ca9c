"""A proxy before an AWS that loses requests and answers, or answers in its place."""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

# What changes something; all else only reads. S3 is told apart by its method.
READS = re.compile(r"^(Describe|Get|List|Validate|Filter|HEAD|GET)")
POLLS = frozenset({"DescribeStackEvents"})


@dataclass(frozen=True)
class Answer:
    """An answer in the place of that of AWS."""

    status: int
    body: str = ""
    type: str = "text/xml"
    headers: tuple[tuple[str, str], ...] = ()


LOST_REQUEST, LOST_ANSWER, HALF_ANSWER = "lost request", "lost answer", "half an answer"


@dataclass(frozen=True)
class Then:
    """Something that is done while a call is under way: the server has the request, or answered.

    Attributes:
        act: is called once.
        answered: whether the client gets its answer before; else it gets none.
    """

    act: Callable[[], object]
    answered: bool


@dataclass(frozen=True)
class Late:
    """An answer that is kept back until *until* returns."""

    until: Callable[[], object]


@dataclass(frozen=True)
class Edited:
    """An answer of which *edit* has made another body."""

    edit: Callable[[bytes], bytes]


@dataclass
class Proxy:
    """What passed, and what is done to it.

    Attributes:
        url: where it listens.
        calls: the operations that passed, in order.
        fault: returns what becomes of the call of a number (from 1) and name: an `Answer`, one of
            the losses, a `Then`, `Late` or `Edited`, or None to let it pass. It may take its time.
    """

    url: str
    target: str
    calls: list[str] = field(default_factory=list)
    fault: Callable[[int, str], Answer | Then | Late | Edited | str | None] = (
        lambda _number, _name: None
    )

    @property
    def writes(self) -> list[str]:
        return [name for name in self.calls if not READS.match(name)]

    @property
    def counted(self) -> list[str]:
        """The calls but for those that only ask how far things are."""
        return [name for name in self.calls if name not in POLLS]


def operation(method: str, path: str, body: bytes) -> str:
    """Return the name of a call: the operation of a query API, else method and kind of path."""
    named = parse_qs(body.decode("latin-1")).get("Action") if body[:200].isascii() else None
    if named:
        return named[0]
    return f"{method} {urlsplit(path).path}"


def _forwarded(target: str, request: BaseHTTPRequestHandler, body: bytes, sent=lambda: None):
    """Return what *target* answers to *request*; *sent* is called when it has been sent."""
    place = urlsplit(target)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=60)
    try:
        connection.request(request.command, request.path, body, dict(request.headers))
        sent()
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()
    finally:
        connection.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body of an answer are written one by one: no waiting for who confirms the first.
    disable_nagle_algorithm = True
    proxy: Proxy

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        name = operation(self.command, self.path, body)
        self.proxy.calls.append(name)
        fault = self.proxy.fault(len(self.proxy.calls), name)
        if isinstance(fault, Answer):
            headers = [("Content-Type", fault.type), *fault.headers]
            self._answer(fault.status, headers, fault.body.encode())
            return
        if fault == LOST_REQUEST:
            self.close_connection = True
            return
        if isinstance(fault, Then) and not fault.answered:
            _forwarded(self.proxy.target, self, body, fault.act)
            self.close_connection = True
            return
        answer = _forwarded(self.proxy.target, self, body)
        if fault == LOST_ANSWER:
            self.close_connection = True
            return
        if isinstance(fault, Late):
            fault.until()
        if isinstance(fault, Edited):
            answer = (*answer[:2], fault.edit(answer[2]))
        self._answer(*answer, half=fault == HALF_ANSWER)
        if isinstance(fault, Then):
            fault.act()

    def _answer(self, status, headers, data, *, half=False):
        own = {"content-length", "transfer-encoding", "connection", "date"}
        self.send_response(status)
        for key, value in headers:
            if key.lower() not in own:
                self.send_header(key, value)
        length = next((value for key, value in headers if key.lower() == "content-length"), None)
        is_head = self.command == "HEAD"
        self.send_header("Content-Length", length if is_head and length else str(len(data)))
        if half and (is_head or not data):
            # There is no more than a head: half of it is sent.
            self.close_connection = True
            self.wfile.write(b"".join(self._headers_buffer)[:-20])
            self._headers_buffer.clear()
            return
        self.end_headers()
        if half:
            self.close_connection = True
            data = data[: len(data) // 2]
        if not is_head:
            self.wfile.write(data)

    def handle(self):
        # Clients that are killed hang up in the middle of anything.
        with suppress(ConnectionError):
            super().handle()

    def log_message(self, *_):
        pass


for _method in ("GET", "PUT", "POST", "DELETE", "HEAD"):
    setattr(_Handler, f"do_{_method}", _Handler.pass_on)


@contextmanager
def proxy(target: str):
    """Give a proxy before *target*."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    found = Proxy(f"http://127.0.0.1:{server.server_address[1]}", target)
    handler.proxy = found
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def error(code: str, message: str, status: int = 400) -> Answer:
    """Return how a query API refuses."""
    text = f"<Code>{code}</Code><Message>{message}</Message>"
    return Answer(status, f"<ErrorResponse><Error>{text}</Error></ErrorResponse>")
