"""An HTTP client that sends what it is told, byte for byte, and reads what comes back strictly."""

import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

_STATUS_LINE = re.compile(rb"HTTP/1\.1 (\d{3}) [ -~]*")


class Closed(Exception):
    """The server closed the connection where an answer was expected."""


@dataclass(frozen=True)
class RawAnswer:
    """An answer as it came over the wire."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def values(self, name):
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def header(self, name):
        found = self.values(name)
        assert len(found) <= 1, f"{name} was sent {len(found)} times"
        return found[0] if found else None


class RawClient:
    """One connection."""

    def __init__(self, url, timeout=20):
        parts = urlsplit(url)
        self.host = parts.netloc
        self._socket = socket.create_connection((parts.hostname, parts.port), timeout=timeout)
        self._buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def send(self, data):
        self._socket.sendall(data)

    def request(self, method, target, headers=(), body=b"", *, host=None):
        """Send a request with Host and Content-Length, and return the answer."""
        self.send(request_bytes(method, target, headers, body, host=host or self.host))
        return self.answer(method)

    def get(self, target="/", headers=()):
        return self.request("GET", target, headers)

    def answer(self, method="GET"):
        """Read one answer."""
        head = self._until(b"\r\n\r\n")
        status_line, *lines = head.split(b"\r\n")
        match = _STATUS_LINE.fullmatch(status_line)
        assert match, f"not a status line: {status_line!r}"
        status = int(match[1])
        headers = []
        for line in lines:
            name, colon, value = line.partition(b": ")
            assert colon, f"not a header: {line!r}"
            headers.append((name.decode("latin-1"), value.decode("latin-1")))
        answer = RawAnswer(status, tuple(headers), b"")
        if method == "HEAD" or status in {204, 304} or status < 200:
            return answer
        assert not answer.values("Transfer-Encoding")
        length = answer.header("Content-Length")
        assert length is not None, "an answer without a length"
        return RawAnswer(status, answer.headers, self._exactly(int(length)))

    def rest(self):
        """Read until the server closes, and return what came."""
        while self._more():
            pass
        rest, self._buffer = self._buffer, b""
        return rest

    def is_closed(self):
        """Wait until the server closes; fail if it sends something more."""
        return self.rest() == b""

    def finish_sending(self):
        self._socket.shutdown(socket.SHUT_WR)

    def reset(self):
        """Go away without a word."""
        linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._socket.close()

    def _more(self):
        try:
            data = self._socket.recv(262_144)
        except ConnectionResetError:
            data = b""
        self._buffer += data
        return bool(data)

    def _until(self, mark):
        while mark not in self._buffer:
            if not self._more():
                raise Closed(self._buffer)
        head, self._buffer = self._buffer.split(mark, 1)
        return head

    def _exactly(self, size):
        while len(self._buffer) < size:
            if not self._more():
                raise Closed(self._buffer)
        body, self._buffer = self._buffer[:size], self._buffer[size:]
        return body


def request_bytes(method, target, headers=(), body=b"", *, host):
    """Return a request as a well-behaved client sends it; what *headers* name is not added."""
    named = {name.lower() for name, _ in headers}
    lines = [f"{method} {target} HTTP/1.1"]
    if "host" not in named:
        lines.append(f"Host: {host}")
    lines += [f"{name}: {value}" for name, value in headers]
    if (body or method in {"POST", "PUT", "PATCH"}) and not named & {
        "content-length",
        "transfer-encoding",
    }:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body
