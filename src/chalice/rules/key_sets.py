"""Key sets of issuers of tokens (JWKS): which of their keys can verify a signature."""

from __future__ import annotations

import json
from typing import Any, cast

# Kinds of keys that have a public half; `oct` has none and is a secret that both sides share.
# Source: RFC 7518, section 6.1, of which API Gateway takes RSA and EC.
_KINDS = ("RSA", "EC")


def public_keys(text: str) -> list[dict[str, Any]]:
    """Return the keys of a key set that have a name and verify signatures; pass over others.

    >>> public_keys('{"keys": [{"kid": "a", "kty": "RSA"}, {"kid": "b", "kty": "oct"}]}')
    [{'kid': 'a', 'kty': 'RSA'}]

    Raises:
        ValueError: the text is no key set.
    """
    try:
        document: object = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
    match document:
        case {"keys": list()}:
            keys = cast("dict[str, list[object]]", document)["keys"]
        case _:
            raise ValueError("it has no list `keys`")
    found = (cast("dict[str, Any]", item) for item in keys if isinstance(item, dict))
    return [
        item for item in found if isinstance(item.get("kid"), str) and item.get("kty") in _KINDS
    ]
