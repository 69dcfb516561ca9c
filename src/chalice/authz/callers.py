"""What a principal sends to a method: its headers, a token made of its claims, a signature."""

from __future__ import annotations

import json
from concurrent.futures import Future
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from chalice.gateway.api import CognitoAuthorizer, IamAuthorizer, JwtAuthorizer
from chalice.gateway.exchange import KeysFound
from chalice.gateway.signing import (
    ALGORITHM,
    canonical_request,
    date_of,
    query_of,
    scope_of,
    sign,
    signing_key,
    text_to_sign,
)
from chalice.gateway.token_rules import CognitoRules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalice.authz.fixture import Principal
    from chalice.gateway.api import Method
    from chalice.gateway.exchange import KeySource, KeysWanted, NoKeys
    from chalice.gateway.stage import Stage
    from chalice.rules.callers import Credential

_KEY_ID = "chalice-authz"
_LIFETIME_SECONDS = 3600
_CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}


def target_of(path: str, query: Mapping[str, str]) -> str:
    """Return *path* with *query*, encoded.

    >>> target_of("/a", {"b c": "1&2", "a": ""})
    '/a?b%20c=1%262&a='
    """
    return f"{path}?{urlencode(query, quote_via=quote)}" if query else path


class Callers:
    """Makes the headers of requests, and is the source of the keys that verify its tokens.

    The keys exist in this process alone and are trusted by the gateway that is given this source:
    for the tokens of principals with claims every issuer has them, for all others the issuer's own
    are looked for.

    Args:
        stage: where the API is served.
        clock: seconds since the epoch.
        issuers: finds the keys of issuers.
    """

    def __init__(self, stage: Stage, clock: Callable[[], float], issuers: KeySource) -> None:
        self._stage = stage
        self._clock = clock
        self._issuers = issuers
        self._credentials = {item.access_key_id: item for item in stage.credentials}
        self._made: dict[str, Any] = {}
        self._trusted = False

    def find(self, wanted: KeysWanted) -> Future[KeysFound | NoKeys]:
        """Return the keys of an issuer: ours while a token of ours is shown, else its own."""
        if not self._trusted:
            return self._issuers.find(wanted)
        found: Future[KeysFound | NoKeys] = Future()
        keys = [key.as_dict(private=False) for key in self._made.values()]
        found.set_result(KeysFound(json.dumps({"keys": keys})))
        return found

    def headers(
        self, principal: Principal, method: Method, verb: str, target: str, host: str
    ) -> tuple[tuple[str, str], ...]:
        """Return what *principal* sends to *method*, the Host header included."""
        headers = {"Host": host, **principal.headers}
        given = {name.lower() for name in headers}
        declared = method.authorizer
        self._trusted = False
        if isinstance(declared, CognitoAuthorizer | JwtAuthorizer):
            if principal.claims is not None and declared.header.lower() not in given:
                self._trusted = True
                token = self._token(principal.claims, declared)
                headers[declared.header] = f"Bearer {token}"
        elif isinstance(declared, IamAuthorizer) and principal.credential is not None:
            headers |= self._signature(self._credentials[principal.credential], verb, target, host)
        return tuple(headers.items())

    def _token(self, claims: Mapping[str, Any], declared: CognitoAuthorizer | JwtAuthorizer) -> str:
        from joserfc import jwt  # noqa: PLC0415 - only for principals with claims

        if isinstance(declared, CognitoAuthorizer):
            algorithm, defaults = "RS256", self._of_pool(claims, declared)
        else:
            algorithm, issuer = declared.algorithms[0], declared.issuers[0]
            defaults = {"iss": issuer.url, "aud": issuer.audiences[0]}
        now = int(self._clock())
        times = {"iat": now, "exp": now + _LIFETIME_SECONDS}
        key = self._key(algorithm)
        header = {"alg": algorithm, "kid": f"{_KEY_ID}-{algorithm}"}
        return jwt.encode(header, {**defaults, **times, **claims}, key, algorithms=[algorithm])

    def _of_pool(self, claims: Mapping[str, Any], declared: CognitoAuthorizer) -> dict[str, Any]:
        """Return what a pool says in every token (rule 4.18)."""
        issuers = CognitoRules(declared, (), self._stage).issuers
        issuer, clients = next(iter(issuers.items()), ("", ()))
        client = clients[0] if clients else _KEY_ID
        if claims.get("token_use", "access" if "scope" in claims else "id") == "access":
            return {"iss": issuer, "token_use": "access", "client_id": client}
        return {"iss": issuer, "token_use": "id", "aud": client}

    def _key(self, algorithm: str) -> Any:
        from joserfc.jwk import ECKey, RSAKey  # noqa: PLC0415 - only for principals with claims

        if algorithm not in self._made:
            parameters: Any = {"kid": f"{_KEY_ID}-{algorithm}", "alg": algorithm, "use": "sig"}
            self._made[algorithm] = (
                ECKey.generate_key(_CURVES[algorithm], parameters)
                if algorithm in _CURVES
                else RSAKey.generate_key(2048, parameters)
            )
        return self._made[algorithm]

    def _signature(
        self, credential: Credential, verb: str, target: str, host: str
    ) -> dict[str, str]:
        """Return the headers of a request without a body that *credential* signs."""
        date = date_of(self._clock())
        headers = {"host": host, "x-amz-date": date}
        if credential.session_token is not None:
            headers["x-amz-security-token"] = credential.session_token
        canonical = canonical_request(
            verb,
            target.partition("?")[0],
            query_of(target),
            ((name, (headers[name],)) for name in sorted(headers)),
            sha256(b"").hexdigest(),
        )
        scope = scope_of(date, self._stage.region)
        key = signing_key(credential.secret_access_key, scope)
        signature = sign(key, text_to_sign(date, scope, canonical))
        signed = f"SignedHeaders={';'.join(sorted(headers))}, Signature={signature}"
        del headers["host"]
        authorization = f"Credential={credential.access_key_id}/{scope}, {signed}"
        return {**headers, "Authorization": f"{ALGORITHM} {authorization}"}
