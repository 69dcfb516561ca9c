"""The `Authorization` header as AWS reads it: a signature, whatever its scheme (rule 3.6)."""

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
    """Return the refusal of a request that matched nothing: 403, never 404 or 405 (rule 3.5)."""
    reason = "no method of the API serves this path and verb"
    value = arrival.header("authorization")
    if value:
        try:
            parameters(arrival, value, reason)
        except Refusal as incomplete:
            return incomplete
    return Refusal(MISSING_AUTHENTICATION_TOKEN, reason=reason)


def parameters(
    arrival: Arrival, value: str, reason: str, rules: tuple[str, ...] = ()
) -> dict[str, str]:
    """Return the parameters of an Authorization header, `Credential` and the others.

    Args:
        arrival: the request, which has to tell its date as well.
        value: the header's; it is shown as its hash, since it is a secret.
        reason: for the terminal.
        rules: those of the refusal, where it is not of a request that matched nothing.

    Raises:
        Refusal: they are not all there.
    """
    found: dict[str, str] = {}
    pairs = value.split(maxsplit=1)[-1:]
    for pair in ",".join(pairs).split(","):
        name, equals, text = pair.strip().partition("=")
        if not equals:
            message = (
                "Invalid key=value pair (missing equal-sign) in Authorization header"
                f" (hashed with SHA-256 and encoded with Base64): '{_hashed(value)}'."
            )
            raise Refusal(INCOMPLETE_SIGNATURE, message=message, reason=reason, rules=rules)
        found[name] = text
    missing = [
        f"Authorization header requires '{name}' parameter."
        for name in ("Credential", "Signature", "SignedHeaders")
        if name not in found
    ]
    if "x-amz-date" not in arrival.headers and "date" not in arrival.headers:
        missing.append(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
        )
    if missing:
        message = (
            f"{' '.join(missing)} (Hashed with SHA-256 and encoded with Base64)"
            f" Authorization={_hashed(value)}"
        )
        raise Refusal(INCOMPLETE_SIGNATURE, message=message, reason=reason, rules=rules)
    return found


def _hashed(value: str) -> str:
    digest = hashlib.sha256(value.encode("utf-8", "replace")).digest()
    return base64.b64encode(digest).decode("ascii")
