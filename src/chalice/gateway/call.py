"""One request on its way through the gateway: as it arrives, and once it is matched."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from time import gmtime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from chalice.media import media_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice.gateway.http import HttpRequest
    from chalice.gateway.ids import Ids
    from chalice.gateway.stage import Location

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_decoded = partial(unquote_plus, errors="replace")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request with the ids and the time that the gateway gives it.

    Attributes:
        request: as it came in.
        headers: lower-case names with all values, in order.
        names: lower-case names with the client's spelling, the first where there are several.
        header_bytes: length of all names and values together, as UTF-8.
        seconds: when it came, since the epoch.
        request_id: `requestContext.requestId`.
        extended_request_id: `requestContext.extendedRequestId`.
        trace_root: `Root=1-...` (rule 1.19).
    """

    request: HttpRequest
    headers: Mapping[str, list[str]]
    names: Mapping[str, str]
    header_bytes: int
    seconds: float
    request_id: str
    extended_request_id: str
    trace_root: str

    def header(self, name: str) -> str | None:
        """Return the last value of the header; *name* is lower case."""
        values = self.headers.get(name)
        return values[-1] if values else None

    @property
    def media_type(self) -> str:
        """The media type of the body; without a Content-Type it counts as JSON (rule 1.26)."""
        kind = self.header("content-type")
        return media_type(kind) if kind else "application/json"


# Rule 1.20: a client may choose the request id, if it is one.
_REQUEST_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# Rule 1.19: a client's root is kept.
_TRACE_ROOT = re.compile(r"(?:^|;)\s*(Root=1-[0-9a-f]{8}-[0-9a-f]{24})(?:;|$)", re.IGNORECASE)


def arrive(request: HttpRequest, seconds: float, ids: Ids) -> Arrival:
    """Return *request* with its ids."""
    headers: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    header_bytes = 0
    for name, value in request.headers:
        header_bytes += len(name) + _bytes(value)
        lower = name.lower()
        if lower in headers:
            headers[lower].append(value)
        else:
            headers[lower] = [value]
            names[lower] = name
    request_id = trace_root = None
    if "x-amzn-requestid" in headers:
        wanted = headers["x-amzn-requestid"][-1]
        request_id = wanted if _REQUEST_ID.fullmatch(wanted) else None
    if "x-amzn-trace-id" in headers:
        found = _TRACE_ROOT.search(headers["x-amzn-trace-id"][-1])
        trace_root = found.group(1) if found else None
    return Arrival(
        request,
        headers,
        names,
        header_bytes,
        seconds,
        request_id or ids.request_id(),
        ids.extended_request_id(),
        trace_root or f"Root={ids.trace_root(seconds)}",
    )


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class Query:
    """The query, decoded: last value of each name, and all of them; both None without a query."""

    last: dict[str, str] | None = None
    all: dict[str, list[str]] | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was matched with a method.

    Attributes:
        arrival: the request and its ids.
        location: its path.
        resource_path: the matched resource's template.
        resource_id: `requestContext.resourceId`.
        operation_name: of the method, empty for none.
        path_parameters: captured values, None for none.
        query: decoded.
        body: what the integration gets, decompressed.
        decompressed: whether *body* is no longer encoded as Content-Encoding says.
        rules: those by which the method was found.
    """

    arrival: Arrival
    location: Location
    resource_path: str
    resource_id: str
    operation_name: str
    path_parameters: dict[str, str] | None
    query: Query
    body: bytes
    decompressed: bool = False
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grant:
    """What the guard of a method let in.

    Attributes:
        authorizer: `requestContext.authorizer`; None leaves the key out (rule 1.20).
        identity: what replaces nulls of `requestContext.identity`.
        usage_key: the API key that the authorizer gave (rule 4.13).
        rules: those by which the call was let in.
    """

    authorizer: Mapping[str, Any] | None = None
    identity: Mapping[str, str] = field(default_factory=dict[str, str])
    usage_key: str | None = None
    rules: tuple[str, ...] = ()


OPEN = Grant()
_NO_QUERY = Query()


def query(text: str) -> Query:
    """Return a decoded query (rules 1.10 to 1.12); names without a value have an empty one.

    >>> query("a=1&a=b+c;d").last
    {'a': 'b c', 'd': ''}
    """
    if not text:
        return _NO_QUERY
    found: dict[str, list[str]] = {}
    encoded = "%" in text or "+" in text
    if ";" in text:
        text = text.replace(";", "&")
    for pair in text.split("&"):
        if not pair:
            continue
        name, _, value = pair.partition("=")
        if encoded:
            name, value = _decoded(name), _decoded(value)
        found.setdefault(name, []).append(value)
    if not found:
        return _NO_QUERY
    return Query({name: values[-1] for name, values in found.items()}, found)


def common_log_time(seconds: float) -> str:
    """Return a time as `requestTime` has it.

    >>> common_log_time(1783711144.5)
    '10/Jul/2026:19:19:04 +0000'
    """
    at = gmtime(seconds)
    return (
        f"{at.tm_mday:02}/{MONTHS[at.tm_mon - 1]}/{at.tm_year}"
        f":{at.tm_hour:02}:{at.tm_min:02}:{at.tm_sec:02} +0000"
    )
