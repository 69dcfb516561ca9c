"""A signature as a request shows it: in the Authorization header, or in the query of its URL.

    request --claimed--> Claim --sigv4.Verifier.verify--> Credential

Nothing of it is believed here. Whatever its scheme, an Authorization header is read as a signature
(rule 3.6).
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from chalice.gateway.responses import (
    INCOMPLETE_SIGNATURE,
    INVALID_SIGNATURE,
    MISSING_AUTHENTICATION_TOKEN,
    Refusal,
)
from chalice.gateway.signing import Pairs, date_of, query_of

if TYPE_CHECKING:
    from chalice.gateway.call import Arrival

# The rules of a signature that says too little; of requests that match nothing it is another.
_RULES = ("4.26",)

# For how long a signature is good, before and after its date.
# Source: answers of API Gateway name "5 min.".
SKEW_SECONDS = 300
# Source: IAM user guide, "Signature Version 4", X-Amz-Expires: a week at most.
_MAX_EXPIRES_SECONDS = 604_800

_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})Z")
_QUERY_PARAMETERS = (
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
    "X-Amz-Date",
)


def unmatched(arrival: Arrival, header: str, reason: str) -> Refusal:
    """Return the refusal of a request that matched nothing and has an Authorization *header*."""
    try:
        _parameters(arrival, header, reason)
    except Refusal as incomplete:
        return incomplete
    return Refusal(MISSING_AUTHENTICATION_TOKEN, reason=reason)


# --- signed requests -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Claim:
    """What a request says of its own signature.

    Attributes:
        algorithm: of the signature.
        credential: access key and scope, with slashes.
        signed_headers: names with semicolons.
        signature: in hexadecimal.
        date: as the string to sign has it.
        seconds: *date*, since the epoch.
        token: of a session, empty for none.
        query: what is signed of it: decoded and encoded anew, in the order of the request.
        dated_by: the header that told the date; None where the query did.
        expires: for how many seconds a presigned URL is good; None for a signed header.
    """

    algorithm: str
    credential: str
    signed_headers: str
    signature: str
    date: str
    seconds: float
    token: str
    query: Pairs
    dated_by: str | None
    expires: int | None = None


def claimed(arrival: Arrival) -> Claim:
    """Return what *arrival* says of its own signature.

    Raises:
        Refusal: it is not signed (rule 4.24), or says too little (rule 4.26).
    """
    query = query_of(arrival.request.target)
    presigned = any(name == "X-Amz-Algorithm" for name, _ in query)
    header = arrival.header("authorization")
    if header and presigned:
        raise Refusal(
            INVALID_SIGNATURE,
            message="Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as"
            " HTTP header.",
            reason="signed twice, in a header and in the query",
        )
    if header:
        return _of_header(arrival, header, query)
    if presigned:
        return _of_query(query)
    raise Refusal(MISSING_AUTHENTICATION_TOKEN, reason="the request is not signed", rules=("4.24",))


def _of_header(arrival: Arrival, header: str, query: Pairs) -> Claim:
    found = _parameters(arrival, header, "the Authorization header is no signature", _RULES)
    dated_by = "x-amz-date" if "x-amz-date" in arrival.headers else "date"
    date, seconds = _date(",".join(arrival.headers[dated_by]))
    return Claim(
        algorithm=header.split(maxsplit=1)[0],
        credential=found["Credential"],
        signed_headers=found["SignedHeaders"],
        signature=found["Signature"],
        date=date,
        seconds=seconds,
        token=",".join(arrival.headers.get("x-amz-security-token", ())),
        query=query,
        dated_by=dated_by,
    )


def _of_query(query: Pairs) -> Claim:
    found: dict[str, list[str]] = {}
    for name, value in query:
        found.setdefault(name, []).append(unquote_to_bytes(value).decode("utf-8", "replace"))
    missing = [
        f"AWS query-string parameters must include '{name}'."
        for name in _QUERY_PARAMETERS
        if not found.get(name, [""])[0]
    ]
    several = any(len(found.get(name, ())) > 1 for name in (*_QUERY_PARAMETERS, "X-Amz-Expires"))
    if missing or several:
        message = " ".join([*missing, "Re-examine the query-string parameters."])
        reason = "the presigned URL is not complete"
        raise Refusal(INCOMPLETE_SIGNATURE, message=message, reason=reason, rules=_RULES)
    date, seconds = _date(found["X-Amz-Date"][0])
    return Claim(
        algorithm=found["X-Amz-Algorithm"][0],
        credential=found["X-Amz-Credential"][0],
        signed_headers=found["X-Amz-SignedHeaders"][0],
        signature=found["X-Amz-Signature"][0],
        date=date,
        seconds=seconds,
        token=",".join(found.get("X-Amz-Security-Token", ())),
        query=[pair for pair in query if pair[0] != "X-Amz-Signature"],
        dated_by=None,
        expires=_expires(found.get("X-Amz-Expires", [str(SKEW_SECONDS)])[0]),
    )


def _expires(text: str) -> int:
    if re.fullmatch("[0-9]{1,6}", text) and 1 <= int(text) <= _MAX_EXPIRES_SECONDS:
        return int(text)
    raise Refusal(
        INCOMPLETE_SIGNATURE,
        # Nobody has recorded what AWS says.
        message=f"X-Amz-Expires must be a number from 1 to {_MAX_EXPIRES_SECONDS}, got '{text}'",
        reason="X-Amz-Expires is out of range",
        rules=_RULES,
    )


def _date(text: str) -> tuple[str, float]:
    """Return a date as the string to sign has it, and in seconds."""
    found = _DATE.fullmatch(text)
    try:
        if found is not None:
            year, month, day, hour, minute, second = map(int, found.groups())
            moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        else:
            # It brings fifteen modules, and the usual form needs none of them.
            from email.utils import parsedate_to_datetime  # noqa: PLC0415

            moment = parsedate_to_datetime(text)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=UTC)
        seconds = moment.timestamp()
        return date_of(seconds), seconds
    except (ValueError, OverflowError):
        message = (
            f"Date must be in ISO-8601 'basic format'. Got '{text}'."
            " See http://en.wikipedia.org/wiki/ISO_8601"
        )
        reason = "the date of the signature is none"
        raise Refusal(INCOMPLETE_SIGNATURE, message=message, reason=reason, rules=_RULES) from None


# --- the header ----------------------------------------------------------------------------------


def _parameters(
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
