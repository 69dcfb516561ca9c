"""Requests to an API, wherever it answers, and the answers as they can be compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

# Of the connection, and not of the answer; a body is compared itself.
_HOP = frozenset({"connection", "content-length", "date", "keep-alive", "server"})
# Another one for each answer: only whether they are there can be compared.
_IDS = frozenset({"x-amz-apigw-id", "x-amz-request-id", "x-amzn-requestid", "x-amzn-trace-id"})
ID = "an id"


@dataclass(frozen=True)
class Ask:
    """A request.

    Attributes:
        name: what it is called in tables and messages.
        fresh: whether the answer is this one only while the function has answered nothing else.
    """

    name: str
    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    fresh: bool = False


@dataclass(frozen=True)
class Seen:
    """An answer: names of headers in small letters, ids as `ID`."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def answer(url: str, ask: Ask) -> Seen:
    """Return what is answered below *url*, which may end with a slash."""
    place = urlsplit(url)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=30)
    try:
        target = place.path.rstrip("/") + ask.target
        connection.request(ask.method, target, ask.body or None, dict(ask.headers))
        got = connection.getresponse()
        body = got.read()
    finally:
        connection.close()
    headers: dict[str, str] = {}
    for name, value in got.getheaders():
        key = name.lower()
        if key not in _HOP:
            before = f"{headers[key]}, " if key in headers else ""
            headers[key] = ID if key in _IDS else before + value
    return Seen(got.status, headers, body)


def answers(url: str, asks: tuple[Ask, ...], *, fresh: bool = True) -> dict[str, Seen]:
    """Return the answers to *asks* by their names, asked in their order.

    Args:
        url: where.
        asks: what.
        fresh: whether nothing was asked before; where something was, some are left out.
    """
    return {ask.name: answer(url, ask) for ask in asks if fresh or not ask.fresh}
