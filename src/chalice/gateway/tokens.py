"""JSON Web Tokens: read, and refused for everything that can be known without a key.

Only the compact form of signed tokens is read. What a header says about keys (`jwk`, `jku`, `x5u`,
`x5c`) is never looked at: keys are those of the configured issuer, and `kid` only names one.
Everything raised here is a `Rejected` whose text is for the terminal, never for the client.
"""

from __future__ import annotations

import binascii
import json
import math
from dataclasses import dataclass
from typing import Any, cast

# Rule 4.19: the header holds the token alone, or after this prefix.
_PREFIX = "Bearer "

# base64url without padding (RFC 7515, appendix C) -> base64; what is base64 alone -> neither.
_TO_BASE64 = bytes.maketrans(b"-_+/=", b"+/!!!")
# What a text can end with whose last character has bits to spare, all of which are 0.
_LAST_OF_TWO, _LAST_OF_THREE = frozenset("AQgw"), frozenset("AEIMQUYcgkosw048")

# What claims are shown as at the terminal: as much as tells one issuer from another.
_MOST_SHOWN = 120


class Rejected(Exception):
    """The token is not good: 401."""


class Expired(Rejected):
    """The token was good once."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token that is well formed, and not verified.

    Attributes:
        algorithm: the one that its signature claims to be made by.
        key_id: the name of the key that its signature claims to be made by.
        claims: what it says.
        signed: what the signature is about.
        signature: the signature.
    """

    algorithm: str
    key_id: str
    claims: dict[str, Any]
    signed: bytes
    signature: bytes


def read(credentials: str | None) -> Token:
    """Return the token in the value of a header.

    Raises:
        Rejected: there is none.
    """
    if not credentials:
        raise Rejected("there is no token")
    parts = credentials.removeprefix(_PREFIX).split(".")
    if len(parts) != 3:
        raise Rejected("what was sent is not a signed JSON Web Token")
    header = _object(parts[0], "header")
    # No extension is understood, so one that has to be understood refuses the token (RFC 7515,
    # 4.1.11); `b64` would change what is signed (RFC 7797).
    if "crit" in header or "b64" in header:
        raise Rejected("the token's header asks for an extension (`crit`, `b64`)")
    algorithm, key_id = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str):
        raise Rejected("the token's header names no algorithm")
    if not isinstance(key_id, str):
        raise Rejected("the token's header names no key (`kid`)")
    return Token(
        algorithm,
        key_id,
        _object(parts[1], "payload"),
        f"{parts[0]}.{parts[1]}".encode(),
        base64url(parts[2], "signature"),
    )


def check_times(claims: dict[str, Any], now: float) -> None:
    """Refuse a token that is not valid at *now*, seconds since the epoch.

    Raises:
        Expired: it was valid.
        Rejected: it is not valid yet, or does not say until when.
    """
    expires = _time(claims, "exp")
    if expires is None:
        raise Rejected("the token does not say when it expires (`exp`)")
    if expires <= now:
        raise Expired(f"the token expired {now - expires:.0f} s ago")
    for name in ("nbf", "iat"):
        begins = _time(claims, name)
        if begins is not None and begins > now:
            raise Rejected(
                f"the token is valid from {begins - now:.0f} s in the future (`{name}`); is the"
                " clock of this machine right?"
            )


def base64url(part: str, name: str) -> bytes:
    """Return the bytes that *part* stands for; messages call it *name*.

    Every text but the one that an encoder writes is refused, so that no two tokens are the same.

    Raises:
        Rejected: it is not base64url, or not in its canonical form.
    """
    spare = len(part) % 4
    last = part[-1:]
    try:
        data = binascii.a2b_base64(
            part.encode("ascii").translate(_TO_BASE64) + b"=" * (-spare % 4), strict_mode=True
        )
    except ValueError:
        data = None
    if (
        data is None
        or (spare == 2 and last not in _LAST_OF_TWO)
        or (spare == 3 and last not in _LAST_OF_THREE)
    ):
        raise Rejected(f"the token's {name} is not base64url")
    return data


def scopes_of(value: object) -> tuple[str, ...]:
    """Return the scopes in a claim: a text with spaces between them, or a list."""
    if isinstance(value, str):
        return tuple(value.split())
    return texts(value)


def texts(value: object) -> tuple[str, ...]:
    """Return the texts in a claim that is one text or a list; anything else has none."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list):
        return tuple(item for item in cast("list[object]", value) if isinstance(item, str))
    return ()


def shown(value: object) -> str:
    """Return a claim as it may stand in a line for the terminal."""
    text = "nothing" if value is None else f"`{value}`"
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}...`"


def _time(claims: dict[str, Any], name: str) -> float | None:
    value: object = claims.get(name)
    if value is None:
        return None
    # JSON has numbers of any size: 1e999 is read as infinity, and never expires.
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not _finite(value):
        raise Rejected(f"the token's `{name}` is not a time: {shown(value)}")
    return value


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer beyond every float
        return False


def _object(part: str, name: str) -> dict[str, Any]:
    try:
        value: object = json.loads(base64url(part, name), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Rejected(f"the token's {name} is not JSON") from None
    if not isinstance(value, dict):
        raise Rejected(f"the token's {name} is not an object")
    return cast("dict[str, Any]", value)


def _no_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are not JSON
