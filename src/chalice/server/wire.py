"""Requests and responses as they travel in HTTP/1.1: what is admitted, and how answers are framed.

aiohttp's parser has read the message by now. What would let two readers disagree about where a
message ends, or about whom it is for, is checked here once more, so that it does not depend on the
parser's version.
"""

from __future__ import annotations

import re
from dataclasses import replace
from email.utils import formatdate
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from chalice.gateway.http import HttpResponse
from chalice.gateway.responses import BAD_GATEWAY
from chalice.headers import is_header_name, is_header_value
from chalice.server.hosts import names_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chalice.gateway.responses import Answer
    from chalice.server.hosts import Hosts

_ABSOLUTE = re.compile(r"https?://([^/?#]*)([^#]*)", re.IGNORECASE)
_TARGET = re.compile(r"[!-~]+")
_DIGITS = re.compile(r"[0-9]{1,18}")


class Refused(Exception):
    """The request is not passed on; the connection is closed after the answer.

    Attributes:
        status: what the client is told.
        reason: one line for the terminal; never sent.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def first_line(text: str) -> str:
    """Return what the first line of a parser's message says."""
    return text.split("\n", 1)[0].rstrip(": ")


class Head(NamedTuple):
    """The head of an admitted request.

    Attributes:
        target: path and query; the authority of an absolute target has become the Host header.
        length: what Content-Length says, 0 without one, None for a chunked body.
        waits: whether the client waits for `100 Continue` before it sends the body.
        upgrade: whether the client asks for another protocol, which it does not get.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    length: int | None
    waits: bool
    upgrade: bool


def read_head(
    method: str,
    target: str,
    version: tuple[int, int],
    raw_headers: Sequence[tuple[bytes, bytes]],
    hosts: Hosts,
    own: str = "",
) -> Head:
    """Return the head of a request, or refuse it.

    Args:
        method: the verb.
        target: as it was sent.
        version: of HTTP.
        raw_headers: as they were sent.
        hosts: knows names under which the server may be called.
        own: an address under which it may be called, too; empty for none.

    Raises:
        Refused: 400 for what is ambiguous or not HTTP, 421 for a host that is not ours, 501 for a
            transfer coding other than chunked.
    """
    headers = tuple((_text(name), _text(value)) for name, value in raw_headers)
    framing = _framing(headers)
    length = _length(framing, version)
    target, host = _target(method, target)
    if host is None:
        hosts_sent = framing.get("host", [])
        if len(hosts_sent) > 1:
            raise Refused(400, "several Host headers")
        host = hosts_sent[0] if hosts_sent else None
    else:
        # RFC 9112, 3.2.2: the authority of an absolute target is the host, whatever Host says.
        others = (item for item in headers if item[0].lower() != "host")
        headers = (("Host", host), *others)
    if host is not None and not (hosts.known(host) or names_address(host, own)):
        raise Refused(421, f"unknown host `{host}`; `--allow-host NAME` makes a name known")
    if host is None and version >= (1, 1):
        raise Refused(400, "no Host header")
    return Head(method, target, headers, length, _waits(framing, version), "upgrade" in framing)


_FRAMING = frozenset({"host", "content-length", "transfer-encoding", "expect", "upgrade"})


def _framing(headers: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the values of the headers that decide about framing, by lower-case name."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        if not is_header_value(value):
            raise Refused(400, f"a control character in the header `{name}`")
        lower = name.lower()
        if lower in _FRAMING:
            found.setdefault(lower, []).append(value)
    return found


def _length(framing: dict[str, list[str]], version: tuple[int, int]) -> int | None:
    lengths = framing.get("content-length", [])
    codings = framing.get("transfer-encoding", [])
    if codings:
        if lengths:
            raise Refused(400, "both Content-Length and Transfer-Encoding")
        if version < (1, 1):
            raise Refused(400, "Transfer-Encoding in HTTP/1.0")
        if len(codings) > 1 or codings[0].strip().lower() != "chunked":
            raise Refused(501, f"Transfer-Encoding `{', '.join(codings)}`; only `chunked` is read")
        return None
    if not lengths:
        return 0
    if len(lengths) > 1 or not _DIGITS.fullmatch(lengths[0].strip()):
        raise Refused(400, f"Content-Length `{', '.join(lengths)}` is not one number")
    return int(lengths[0])


def _target(method: str, target: str) -> tuple[str, str | None]:
    """Return path and query of *target*, and the host that it names, if it names one."""
    if method == "CONNECT":
        raise Refused(400, "CONNECT asks for a proxy, which this is not")
    if not _TARGET.fullmatch(target) or "#" in target:
        raise Refused(400, "the target is not a URL's path; encode what is not ASCII")
    if target.startswith("/"):
        return target, None
    absolute = _ABSOLUTE.fullmatch(target)
    if absolute is None or not absolute[1] or "@" in absolute[1]:
        raise Refused(400, f"the target `{target.partition('?')[0]}` is neither a path nor a URL")
    rest = absolute[2]
    return (rest if rest.startswith("/") else f"/{rest}"), absolute[1]


def _waits(framing: dict[str, list[str]], version: tuple[int, int]) -> bool:
    """Tell whether the client waits; API Gateway ignores any other expectation (rule 1.18)."""
    expected = framing.get("expect", [])
    return version >= (1, 1) and any(value.lower() == "100-continue" for value in expected)


def _text(raw: bytes) -> str:
    """Return a header's text: UTF-8 where it is that, else one character for each byte."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def with_rules(response: HttpResponse) -> HttpResponse:
    """Return *response* with a header that tells which rules decided it.

    >>> with_rules(HttpResponse(403, rules=("3.1", "5.1"))).headers
    (('X-Chalice-Rules', '3.1, 5.1'),)
    """
    header = ("X-Chalice-Rules", ", ".join(response.rules) or "none")
    return replace(response, headers=(*response.headers, header))


def refusal(refused: Refused) -> HttpResponse:
    """Return the answer to a refused request: its standard phrase and no detail."""
    body = f'{{"message":"{_phrase(refused.status)}"}}'.encode()
    headers = (("Content-Type", "application/json"),)
    return HttpResponse(refused.status, headers, body, reason=refused.reason)


def failure(reason: str, answer: Answer = BAD_GATEWAY) -> HttpResponse:
    """Return the gateway's *answer* where no gateway could say it; *reason* is for the terminal."""
    headers = (("Content-Type", "application/json"), ("x-amzn-ErrorType", answer.error))
    return HttpResponse(answer.status, headers, answer.body(answer.message), reason=reason)


# The server frames its answers itself; a gateway that left one of these in would have a bug.
_OWN = frozenset({"connection", "content-length", "date", "keep-alive", "transfer-encoding"})


def framed(
    response: HttpResponse, *, method: str, keep_alive: bool, seconds: float
) -> tuple[bytes, HttpResponse]:
    """Return the bytes to send and the response that they carry.

    The response is another one where *response* cannot be sent as it is: a status that does not
    end an exchange, or a header that would not stay one header.

    Args:
        response: what to send.
        method: the request's verb: HEAD gets no body.
        keep_alive: whether the connection stays open.
        seconds: the time, for the Date header.
    """
    try:
        lines = _header_lines(response)
    except ValueError as error:
        response = failure(str(error))
        lines = _header_lines(response)
    status = response.status
    bodiless = method == "HEAD" or status in {204, 304}
    body = b"" if bodiless else response.body
    if not bodiless or (method == "HEAD" and response.body):
        lines.append(f"Content-Length: {len(response.body)}")
    lines.append(f"Date: {_date(int(seconds))}")
    lines.append("Connection: keep-alive" if keep_alive else "Connection: close")
    lines += ("", "")
    head = "\r\n".join((f"HTTP/1.1 {status} {_phrase(status)}", *lines))
    return _header_bytes(head) + body, response


def _header_lines(response: HttpResponse) -> list[str]:
    if not 200 <= response.status <= 599:
        raise ValueError(f"status {response.status} does not end an exchange")
    lines: list[str] = []
    for name, value in response.headers:
        if not _is_name(name):
            raise ValueError(f"the header name `{name}` is not a token")
        if not is_header_value(value):
            raise ValueError(f"the header `{name}` holds a control character")
        if name.lower() not in _OWN:
            lines.append(f"{name}: {value}")
    return lines


_names: set[str] = set()


def _is_name(name: str) -> bool:
    if name in _names:
        return True
    if not is_header_name(name):
        return False
    if len(_names) < 512:
        _names.add(name)
    return True


def _header_bytes(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


_PHRASES = {status.value: status.phrase for status in HTTPStatus}


def _phrase(status: int) -> str:
    return _PHRASES.get(status, "Unknown")


_last_date = (-1, "")


def _date(second: int) -> str:
    global _last_date  # noqa: PLW0603 - the text of the running second, which all answers share
    if _last_date[0] != second:
        _last_date = (second, formatdate(second, usegmt=True))
    return _last_date[1]
