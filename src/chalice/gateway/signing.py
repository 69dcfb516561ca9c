"""What a signature of version 4 is made of: the canonical request, the text to sign, the key.

Who verifies (`sigv4.py`) and who signs (`chalice.authz`) make them here.

Source: IAM user guide, "Create a signed AWS API request".
"""

from __future__ import annotations

import hmac
import re
from hashlib import sha256
from time import gmtime, strftime
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable

ALGORITHM = "AWS4-HMAC-SHA256"
SERVICE = "execute-api"
TERMINATOR = "aws4_request"

_BLANKS = re.compile(r"[ \t]+")

#: Names and values of a query, decoded and encoded anew.
Pairs = list[tuple[str, str]]


def canonical_request(
    method: str,
    path: str,
    query: Pairs,
    headers: Iterable[tuple[str, Iterable[str]]],
    payload: str,
) -> str:
    """Return the request as it is signed.

    Args:
        method: the verb.
        path: as it is sent.
        query: what is signed of it, in any order.
        headers: those that are signed with all their values, sorted by their lower-case names.
        payload: the hash of the body.
    """
    names: list[str] = []
    lines: list[str] = []
    for name, values in headers:
        names.append(name)
        lines.append(f"{name}:{','.join(map(_trimmed, values))}")
    pairs = "&".join(f"{name}={value}" for name, value in sorted(query))
    return "\n".join((method, _path(path), pairs, *lines, "", ";".join(names), payload))


def _path(path: str) -> str:
    """Return the path as it is signed: what was sent, without dot segments, encoded once more.

    Slashes that follow each other count as one, and a path that was sent encoded is thus encoded
    twice, as for every service but S3.
    """
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    slash = "/" if parts and path.endswith("/") else ""
    return quote(as_bytes(f"/{'/'.join(parts)}{slash}"), safe="/")


def _trimmed(value: str) -> str:
    return _BLANKS.sub(" ", value.strip(" \t"))


def query_of(target: str) -> Pairs:
    """Return the query of a request line, decoded and encoded anew; a plus is a space.

    >>> query_of("/a?b+c=1%2b&d")
    [('b%20c', '1%2B'), ('d', '')]
    """
    text = target.partition("?")[2]
    pairs = (pair.partition("=") for pair in text.split("&") if pair)
    return [(_encoded(name), _encoded(value)) for name, _, value in pairs]


def _encoded(text: str) -> str:
    if text.isalnum() and text.isascii():
        return text
    # The unreserved characters of RFC 3986 stay as they are; `quote` always keeps them.
    return quote(unquote_to_bytes(as_bytes(text.replace("+", " "))), safe="")


def text_to_sign(date: str, scope: str, canonical: str) -> str:
    """Return what the key signs for a canonical request."""
    return "\n".join((ALGORITHM, date, scope, sha256(as_bytes(canonical)).hexdigest()))


def scope_of(date: str, region: str) -> str:
    """Return the scope of signatures that are made on the day of *date*.

    >>> scope_of("20260710T191904Z", "eu-west-1")
    '20260710/eu-west-1/execute-api/aws4_request'
    """
    return f"{date[:8]}/{region}/{SERVICE}/{TERMINATOR}"


def signing_key(secret: str, scope: str) -> bytes:
    """Return the key that a secret access key comes to in *scope*."""
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def sign(key: bytes, text: str) -> str:
    """Return the signature of *text*, in hexadecimal."""
    return hmac.digest(key, text.encode(), "sha256").hex()


def date_of(seconds: float) -> str:
    """Return a time since the epoch as signatures have it.

    >>> date_of(1783711144.5)
    '20260710T191904Z'
    """
    return strftime("%Y%m%dT%H%M%SZ", gmtime(seconds))


def as_bytes(text: str) -> bytes:
    """Return *text* as it is hashed; what was no UTF-8 in a request raises nothing."""
    return text.encode("utf-8", "surrogatepass")
