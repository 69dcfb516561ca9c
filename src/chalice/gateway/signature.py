"""What an `Authorization` header makes of a request that no method serves (rule 3.6)."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from chalice.gateway.responses import (
    INCOMPLETE_SIGNATURE,
    MISSING_AUTHENTICATION_TOKEN,
    Refusal,
)

if TYPE_CHECKING:
    from chalice.gateway.call import Arrival


def unmatched(arrival: Arrival) -> Refusal:
    """Return the refusal of a request that matched nothing: 403, never 404 or 405 (rule 3.5).

    The gateway reads any Authorization header as a signature. The header's value is shown as its
    hash, since it is a secret.
    """
    value = arrival.header("authorization")
    reason = "no method of the API serves this path and verb"
    if not value:
        return Refusal(MISSING_AUTHENTICATION_TOKEN, reason=reason)
    digest = hashlib.sha256(value.encode("utf-8", "replace")).digest()
    shown = base64.b64encode(digest).decode("ascii")
    pairs = value.split(maxsplit=1)[-1:]
    names: set[str] = set()
    for pair in ",".join(pairs).split(","):
        name, equals, _ = pair.strip().partition("=")
        if not equals:
            message = (
                "Invalid key=value pair (missing equal-sign) in Authorization header"
                f" (hashed with SHA-256 and encoded with Base64): '{shown}'."
            )
            return Refusal(INCOMPLETE_SIGNATURE, message=message, reason=reason)
        names.add(name)
    missing = [
        f"Authorization header requires '{name}' parameter."
        for name in ("Credential", "Signature", "SignedHeaders")
        if name not in names
    ]
    if "x-amz-date" not in arrival.headers and "date" not in arrival.headers:
        missing.append(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
        )
    if not missing:
        return Refusal(MISSING_AUTHENTICATION_TOKEN, reason=reason)
    message = (
        f"{' '.join(missing)} (Hashed with SHA-256 and encoded with Base64) Authorization={shown}"
    )
    return Refusal(INCOMPLETE_SIGNATURE, message=message, reason=reason)
