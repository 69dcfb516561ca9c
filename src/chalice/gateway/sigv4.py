"""Signature Version 4: whether a request is signed with a credential that is configured.

Nothing that a request claims of its own signature is believed: the canonical request is made anew
from what arrived, the body is hashed here, and the signature compared in constant time.

The checks come in the order in which AWS makes them (observed on DynamoDB, whose front end is the
same kind; the texts of API Gateway are from public reports of its answers, rule 4.26).
"""

from __future__ import annotations

import hmac
import threading
from hashlib import sha256
from typing import TYPE_CHECKING

from chalice.gateway.responses import (
    INCOMPLETE_SIGNATURE,
    INVALID_SIGNATURE,
    UNKNOWN_ACCESS_KEY,
    Refusal,
)
from chalice.gateway.signature import SKEW_SECONDS, claimed
from chalice.gateway.signing import (
    ALGORITHM,
    SERVICE,
    TERMINATOR,
    as_bytes,
    canonical_request,
    date_of,
    scope_of,
    sign,
    signing_key,
    text_to_sign,
)
from chalice.gateway.stage import CONFIGURATION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalice.gateway.call import Arrival
    from chalice.gateway.signature import Claim
    from chalice.rules.callers import Credential

_RULES = ("4.26",)

# Signing keys are made once for each credential and day: making one costs four hashes.
_MOST_KEYS = 256

# CloudFront adds it on EDGE after the client has signed (rule 1.16).
_NEVER_SIGNED = frozenset({"x-amz-cf-id"})


class Verifier:
    """Verifies signatures against the credentials of a stage; safe to use from several threads."""

    def __init__(
        self,
        credentials: Iterable[Credential],
        region: str,
        *,
        configured_in: str = CONFIGURATION,
    ) -> None:
        self._configured_in = configured_in
        self._credentials = {item.access_key_id: item for item in credentials}
        self._region = region
        self._keys = SigningKeys()

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
        canonical = canonical_request(
            arrival.request.method,
            arrival.request.target.partition("?")[0],
            claim.query,
            ((name, arrival.headers.get(name, ())) for name in names),
            payload,
        )
        text = text_to_sign(claim.date, scope, canonical)
        expected = sign(self._keys.key(credential, scope), text)
        same = hmac.compare_digest(expected.encode(), as_bytes(claim.signature))
        unfit = _unfit(arrival, names, payload)
        if not same or unfit:
            raise Refusal(
                INVALID_SIGNATURE,
                message=_mismatch(canonical, text),
                reason=unfit or f"the signature made with `{access_key_id}` does not match",
            )
        if not hmac.compare_digest(as_bytes(credential.session_token or ""), as_bytes(claim.token)):
            raise Refusal(
                UNKNOWN_ACCESS_KEY,
                reason=f"the session token sent with `{access_key_id}` is not the configured one",
            )
        return credential

    def _scope(self, claim: Claim) -> tuple[str, str]:
        """Return the access key and the scope, which has to be that of this API."""
        if claim.algorithm != ALGORITHM:
            raise Refusal(
                INCOMPLETE_SIGNATURE,
                message=f"Unsupported AWS 'algorithm': '{claim.algorithm}'"
                f" (only {ALGORITHM} for now). ",
                reason=f"signed with an algorithm that is not {ALGORITHM}",
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
        if service != SERVICE:
            wrong.append(f"Credential should be scoped to correct service: '{SERVICE}'. ")
        if terminator != TERMINATOR:
            wrong.append(
                "Credential should be scoped with a valid terminator:"
                f" '{TERMINATOR}', not '{terminator}'. "
            )
        if date != claim.date[:8]:
            wrong.append(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date"
                f" from HTTP: '{date}' != '{claim.date[:8]}', from '{claim.date}'. "
            )
        if wrong:
            raise Refusal(
                INVALID_SIGNATURE,
                message="".join(wrong),
                reason=f"signed for another scope than `{scope_of(claim.date, self._region)}`",
            )
        return access_key_id, "/".join(parts[1:])


class SigningKeys:
    """Keys that were made before, as many as *most*: the oldest goes first."""

    def __init__(self, most: int = _MOST_KEYS) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._keys: dict[tuple[str, str], bytes] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def key(self, credential: Credential, scope: str) -> bytes:
        """Return the key of *credential* in *scope*."""
        name = (credential.access_key_id, scope)
        key = self._keys.get(name)
        if key is None:
            key = signing_key(credential.secret_access_key, scope)
            with self._lock:
                while len(self._keys) >= self._most:
                    del self._keys[next(iter(self._keys))]
                self._keys[name] = key
        return key


# --- checks ------------------------------------------------------------------------------------


def _check_time(claim: Claim, now: float) -> None:
    lasts = SKEW_SECONDS if claim.expires is None else claim.expires
    if claim.seconds < int(now) - lasts:
        message = (
            f"Signature expired: {claim.date} is now earlier than {date_of(now - lasts)}"
            f" ({date_of(now)} - {lasts / 60:g} min.)"
        )
        raise Refusal(INVALID_SIGNATURE, message=message, reason="the signature has expired")
    if claim.seconds > now + SKEW_SECONDS:
        message = (
            f"Signature not yet current: {claim.date} is still later than"
            f" {date_of(now + SKEW_SECONDS)} ({date_of(now)} + {SKEW_SECONDS // 60} min.)"
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
