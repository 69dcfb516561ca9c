"""Signature Version 4: whether a request is signed with a credential that is configured.

    request --claimed--> Claim --Verifier.verify--> Credential

A claim is what a request says of its own signature, in the Authorization header or in the query of
a presigned URL. Nothing in it is believed: the canonical request is made anew from what arrived,
the body is hashed here, and the signature compared in constant time.

The checks come in the order in which AWS makes them (observed on DynamoDB, whose front end is the
same kind; the texts of API Gateway are from public reports of its answers, rule 4.26).

Source: IAM user guide, "Signature Version 4 signing for AWS API requests".
"""

from __future__ import annotations

import hmac
import re
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from time import gmtime, strftime
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes

from chalice.gateway import signature
from chalice.gateway.responses import (
    INCOMPLETE_SIGNATURE,
    INVALID_SIGNATURE,
    MISSING_AUTHENTICATION_TOKEN,
    UNKNOWN_ACCESS_KEY,
    Refusal,
)
from chalice.gateway.stage import CONFIGURATION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalice.gateway.call import Arrival
    from chalice.gateway.stage import Credential

# The rules of a signature that says too little; of requests that match nothing it is another.
_RULES = ("4.26",)

_ALGORITHM = "AWS4-HMAC-SHA256"
_SERVICE = "execute-api"
_TERMINATOR = "aws4_request"

# How far the clocks may be apart. Source: answers of API Gateway name "5 min.".
_SKEW_SECONDS = 300
# Source: IAM user guide, "Signature Version 4", X-Amz-Expires: a week at most.
_MAX_EXPIRES_SECONDS = 604_800

# Signing keys are made once for each credential, day and region; the oldest goes first.
_MOST_KEYS = 256

_DATE_FORM = "%Y%m%dT%H%M%SZ"
_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})Z")
_BLANKS = re.compile(r"[ \t]+")
_QUERY_PARAMETERS = (
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
    "X-Amz-Date",
)
# CloudFront adds it on EDGE after the client has signed (rule 1.16).
_NEVER_SIGNED = frozenset({"x-amz-cf-id"})

_Pairs = list[tuple[str, str]]


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
    query: _Pairs
    dated_by: str | None
    expires: int | None = None


def claimed(arrival: Arrival) -> Claim:
    """Return what *arrival* says of its own signature.

    Raises:
        Refusal: it is not signed (rule 4.24), or says too little (rule 4.26).
    """
    query = _query(arrival.request.target)
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


def _of_header(arrival: Arrival, header: str, query: _Pairs) -> Claim:
    found = signature.parameters(
        arrival, header, "the Authorization header is no signature", _RULES
    )
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


def _of_query(query: _Pairs) -> Claim:
    found: dict[str, list[str]] = {}
    for name, value in query:
        found.setdefault(name, []).append(_decoded(value))
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
        expires=_expires(found.get("X-Amz-Expires", [str(_SKEW_SECONDS)])[0]),
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
        return _shown(seconds), seconds
    except (ValueError, OverflowError):
        message = (
            f"Date must be in ISO-8601 'basic format'. Got '{text}'."
            " See http://en.wikipedia.org/wiki/ISO_8601"
        )
        reason = "the date of the signature is none"
        raise Refusal(INCOMPLETE_SIGNATURE, message=message, reason=reason, rules=_RULES) from None


def _shown(seconds: float) -> str:
    return strftime(_DATE_FORM, gmtime(seconds))


class Verifier:
    """Verifies signatures against the credentials of a stage; safe to use from several threads."""

    def __init__(
        self,
        credentials: Iterable[Credential],
        region: str,
        *,
        configured_in: str = CONFIGURATION,
        most_keys: int = _MOST_KEYS,
    ) -> None:
        self._most_keys = most_keys
        self._configured_in = configured_in
        self._credentials = {item.access_key_id: item for item in credentials}
        self._region = region
        self._lock = threading.Lock()
        self._keys: dict[tuple[str, str], bytes] = {}

    def verify(self, arrival: Arrival) -> Credential:
        """Return the credential with which *arrival* is signed.

        Raises:
            Refusal: it is not signed, or not so that it counts (rules 4.24 to 4.26).
        """
        claim = claimed(arrival)
        _check_time(claim, arrival.seconds)
        names = _signed_names(claim, arrival)
        access_key_id, scope = self._scope(claim)
        credential = self._credentials.get(access_key_id)
        if credential is None:
            raise Refusal(
                UNKNOWN_ACCESS_KEY,
                reason=f"signed with the access key `{access_key_id}`, which is not configured: add"
                f" it to `local.credentials` in {self._configured_in}",
            )
        payload = sha256(arrival.request.body).hexdigest()
        canonical = _canonical_request(arrival, claim, names, payload)
        text = "\n".join((_ALGORITHM, claim.date, scope, _hash(canonical)))
        key = self._signing_key(credential, scope.partition("/")[0])
        expected = hmac.new(key, text.encode(), sha256).hexdigest()
        same = hmac.compare_digest(expected.encode(), _bytes(claim.signature))
        unfit = _unfit(arrival, names, payload)
        if not same or unfit:
            raise Refusal(
                INVALID_SIGNATURE,
                message=_mismatch(canonical, text),
                reason=unfit or f"the signature made with `{access_key_id}` does not match",
            )
        if not hmac.compare_digest(_bytes(credential.session_token or ""), _bytes(claim.token)):
            raise Refusal(
                UNKNOWN_ACCESS_KEY,
                reason=f"the session token sent with `{access_key_id}` is not the configured one",
            )
        return credential

    def _scope(self, claim: Claim) -> tuple[str, str]:
        """Return the access key and the scope, which has to be that of this API."""
        if claim.algorithm != _ALGORITHM:
            raise Refusal(
                INCOMPLETE_SIGNATURE,
                message=f"Unsupported AWS 'algorithm': '{claim.algorithm}'"
                f" (only {_ALGORITHM} for now). ",
                reason=f"signed with an algorithm that is not {_ALGORITHM}",
                rules=_RULES,
            )
        parts = claim.credential.rstrip("/").split("/")
        if len(parts) != 5:
            raise Refusal(
                INCOMPLETE_SIGNATURE,
                message="Credential must have exactly 5 slash-delimited elements,"
                f" e.g. keyid/date/region/service/term, got '{claim.credential}'",
                reason="the credential of the signature has not five parts",
                rules=_RULES,
            )
        access_key_id, date, region, service, terminator = parts
        wrong: list[str] = []
        if region != self._region:
            wrong.append(f"Credential should be scoped to a valid region, not '{region}'. ")
        if service != _SERVICE:
            wrong.append(f"Credential should be scoped to correct service: '{_SERVICE}'. ")
        if terminator != _TERMINATOR:
            wrong.append(
                "Credential should be scoped with a valid terminator:"
                f" '{_TERMINATOR}', not '{terminator}'. "
            )
        if date != claim.date[:8]:
            wrong.append(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date"
                f" from HTTP: '{date}' != '{claim.date[:8]}', from '{claim.date}'. "
            )
        if wrong:
            own = f"{self._region}/{_SERVICE}/{_TERMINATOR}"
            raise Refusal(
                INVALID_SIGNATURE,
                message="".join(wrong),
                reason=f"signed for another scope than `{claim.date[:8]}/{own}`",
            )
        return access_key_id, "/".join(parts[1:])

    def _signing_key(self, credential: Credential, date: str) -> bytes:
        name = (credential.access_key_id, date)
        key = self._keys.get(name)
        if key is None:
            key = f"AWS4{credential.secret_access_key}".encode()
            for part in (date, self._region, _SERVICE, _TERMINATOR):
                key = hmac.digest(key, part.encode(), "sha256")
            with self._lock:
                while len(self._keys) >= self._most_keys:
                    del self._keys[next(iter(self._keys))]
                self._keys[name] = key
        return key


# --- checks ------------------------------------------------------------------------------------


def _check_time(claim: Claim, now: float) -> None:
    lasts = _SKEW_SECONDS if claim.expires is None else claim.expires
    if claim.seconds < int(now) - lasts:
        message = (
            f"Signature expired: {claim.date} is now earlier than {_shown(now - lasts)}"
            f" ({_shown(now)} - {lasts / 60:g} min.)"
        )
        raise Refusal(INVALID_SIGNATURE, message=message, reason="the signature has expired")
    if claim.seconds > now + _SKEW_SECONDS:
        message = (
            f"Signature not yet current: {claim.date} is still later than"
            f" {_shown(now + _SKEW_SECONDS)} ({_shown(now)} + {_SKEW_SECONDS // 60} min.)"
        )
        raise Refusal(INVALID_SIGNATURE, message=message, reason="the signature is of the future")


def _signed_names(claim: Claim, arrival: Arrival) -> list[str]:
    """Return the signed headers in order; the host, the date and all of `x-amz-` have to be."""
    names = sorted(set(claim.signed_headers.lower().split(";")))
    shown = ""
    if "host" not in names:
        shown = "'Host' or ':authority'"
    elif claim.dated_by is not None and claim.dated_by not in names:
        shown = {"date": "'Date'", "x-amz-date": "'X-Amz-Date'"}[claim.dated_by]
    else:
        for name in arrival.headers:
            if name.startswith("x-amz-") and name not in names and name not in _NEVER_SIGNED:
                shown = f"'{arrival.names[name]}'"
                break
    if shown:
        raise Refusal(
            INVALID_SIGNATURE,
            message=f"{shown} must be a 'SignedHeader' in the AWS Authorization.",
            reason=f"the header {shown} is not signed",
        )
    return names


def _unfit(arrival: Arrival, names: list[str], payload: str) -> str:
    """Return why a signature cannot count even where it matches; empty where it can."""
    absent = [name for name in names if name not in arrival.headers]
    if absent:
        return f"the header `{absent[0]}` is said to be signed and is not there"
    declared = arrival.headers.get("x-amz-content-sha256")
    if declared is None or declared == [payload]:
        return ""
    text = ",".join(declared)
    if text == "UNSIGNED-PAYLOAD" or text.startswith("STREAMING-"):
        return f"`{text}` is not taken by API Gateway: sign the hash of the whole body"
    return "X-Amz-Content-Sha256 is not the hash of the body"


def _mismatch(canonical: str, text: str) -> str:
    """Return what AWS says of a signature that does not match, what it should have been of."""
    return (
        f"{INVALID_SIGNATURE.message}\n\nThe Canonical String for this request should have been\n"
        f"'{canonical}'\n\nThe String-to-Sign should have been\n'{text}'\n"
    )


# --- the canonical request -----------------------------------------------------------------------


def _canonical_request(arrival: Arrival, claim: Claim, names: list[str], payload: str) -> str:
    request = arrival.request
    headers = arrival.headers
    return "\n".join(
        (
            request.method,
            _canonical_path(request.target.partition("?")[0]),
            "&".join(f"{name}={value}" for name, value in sorted(claim.query)),
            *(f"{name}:{','.join(map(_trimmed, headers.get(name, ())))}" for name in names),
            "",
            ";".join(names),
            payload,
        )
    )


def _canonical_path(path: str) -> str:
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
    return quote(_bytes(f"/{'/'.join(parts)}{slash}"), safe="/")


def _query(target: str) -> _Pairs:
    """Return names and values of the query, decoded and encoded anew; a plus is a space."""
    text = target.partition("?")[2]
    pairs = (pair.partition("=") for pair in text.split("&") if pair)
    return [(_encoded(name), _encoded(value)) for name, _, value in pairs]


def _encoded(text: str) -> str:
    if text.isalnum() and text.isascii():
        return text
    # The unreserved characters of RFC 3986 stay as they are; `quote` always keeps them.
    return quote(unquote_to_bytes(_bytes(text.replace("+", " "))), safe="")


def _decoded(text: str) -> str:
    return unquote_to_bytes(text).decode("utf-8", "replace")


def _trimmed(value: str) -> str:
    return _BLANKS.sub(" ", value.strip(" \t"))


def _hash(text: str) -> str:
    return sha256(_bytes(text)).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
