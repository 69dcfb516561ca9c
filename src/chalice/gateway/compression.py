"""Content codings: bodies of requests are decompressed, bodies of responses compressed (section 7).

Only where the API sets `minimumCompressionSize`; without it both pass through untouched.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from chalice.gateway.limits import MAX_BODY_BYTES
from chalice.gateway.responses import (
    BAD_REQUEST_BODY,
    PAYLOAD_TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    Refusal,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

# Window sizes that tell zlib the format: gzip, and the zlib format that HTTP calls deflate.
# Source: RFC 9110, sections 8.4.1.2 and 8.4.1.3; zlib manual, "inflateInit2".
_WINDOW_BITS = {"gzip": 31, "deflate": 15}
# Members of a gzip body; each costs a pass, so that their number is bounded.
_MAX_MEMBERS = 100
# Some clients send deflate without the zlib format around it.
_RAW = -15


def decompress(coding: str, body: bytes, limit: int = MAX_BODY_BYTES) -> bytes:
    """Return *body* without its Content-Encoding *coding*; at most *limit* bytes are ever made.

    Raises:
        Refusal: the coding is unknown, the body is not of that coding, or it is too large.
    """
    coding = coding.strip().lower()
    if coding == "identity":
        return body
    if coding not in _WINDOW_BITS:
        raise Refusal(UNSUPPORTED_MEDIA_TYPE, reason=f"Content-Encoding `{coding}`")
    try:
        return _inflate(body, _WINDOW_BITS[coding], limit)
    except zlib.error as error:
        if coding == "gzip":
            raise _damaged(coding) from error
    try:
        return _inflate(body, _RAW, limit)
    except zlib.error as error:
        raise _damaged(coding) from error


def _inflate(body: bytes, window_bits: int, limit: int) -> bytes:
    """Return the members of *body*, one after the other; only gzip may have several."""
    parts: list[bytes] = []
    room = limit
    while body:
        if len(parts) == (_MAX_MEMBERS if window_bits == _WINDOW_BITS["gzip"] else 1):
            raise zlib.error("more than the body")
        member = zlib.decompressobj(window_bits)
        part = member.decompress(body, room + 1)
        room -= len(part)
        if room < 0:
            raise Refusal(PAYLOAD_TOO_LARGE, reason=f"the body decompresses to over {limit} bytes")
        if not member.eof:
            raise zlib.error("truncated")
        parts.append(part)
        body = member.unused_data
    return b"".join(parts)


def _damaged(coding: str) -> Refusal:
    return Refusal(BAD_REQUEST_BODY, reason=f"the body is not {coding} as Content-Encoding says")


def accepted(headers: Iterable[str]) -> str | None:
    """Return the coding that Accept-Encoding asks for most, or None for none.

    Only codings that are named count, `*` is no name (rule 7.3).

    >>> accepted(["deflate;q=0.5, gzip"]), accepted(["identity, gzip;q=0"]), accepted(["br, *"])
    ('gzip', None, None)
    """
    best: tuple[float, str] = (0.0, "identity")
    for item in ",".join(headers).split(","):
        name, _, parameter = item.partition(";")
        coding = name.strip().lower()
        if coding in _WINDOW_BITS or coding == "identity":
            quality = _quality(parameter)
            if quality > best[0]:
                best = (quality, coding)
    return None if best[1] == "identity" else best[1]


def _quality(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def compress(coding: str, body: bytes) -> bytes:
    """Return *body* in the content coding *coding*."""
    packer = zlib.compressobj(6, zlib.DEFLATED, _WINDOW_BITS[coding])
    return packer.compress(body) + packer.flush()
