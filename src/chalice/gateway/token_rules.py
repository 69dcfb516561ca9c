"""What each kind of token authorizer asks of a token, and what it tells the integration.

One class for each kind, with the same few members: where the keys are, what the claims have to
say, what becomes of them in the event.
"""

from __future__ import annotations

import json
import re
from time import gmtime
from typing import TYPE_CHECKING, Any, Protocol, cast

from chalice.gateway.call import MONTHS
from chalice.gateway.exchange import KeysWanted
from chalice.gateway.result import scalar_text
from chalice.gateway.tokens import Rejected, scopes_of, shown, texts
from chalice.rules.facts import USER_POOL_ARN, user_pool_issuer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalice.gateway.api import CognitoAuthorizer, JwtAuthorizer, TrustedIssuer
    from chalice.gateway.stage import Stage
    from chalice.rules.callers import UserPool
    from chalice.rules.patterns import Pattern

Claims = dict[str, Any]

# Cognito signs by this one alone.
# Source: Amazon Cognito developer guide, "Verifying JSON web tokens".
_COGNITO_ALGORITHMS = frozenset({"RS256"})

_VARIABLE = re.compile(r"\$\{(?:stageVariables\.)?([\w:-]+)\}", re.ASCII)

# Claims that arrive as dates and not as numbers, `Mon Jun 15 05:56:21 UTC 2026`.
# Source: observed in events of many deployed REST APIs from 2017 to 2026, for `exp` and `iat` of ID
# and access tokens, where `auth_time` has digits; inferred for `nbf`, which Cognito does not write.
_DATES = frozenset({"exp", "iat", "nbf"})
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class TokenRules(Protocol):
    """One authorizer, as one method uses it."""

    @property
    def name(self) -> str:
        """The authorizer, in words."""
        ...

    @property
    def numbers(self) -> tuple[str, ...]:
        """The rules that it follows; the first one is that of its refusals."""
        ...

    @property
    def algorithms(self) -> frozenset[str]:
        """Those by which a token may be signed."""
        ...

    @property
    def unknown(self) -> str:
        """Why not every issuer is known, empty where all are."""
        ...

    def keys_of(self, issuer: str) -> KeysWanted | None:
        """Return where the keys of *issuer* are, or None where it is not trusted."""
        ...

    def check(self, claims: Claims) -> None:
        """Refuse claims of a trusted issuer that do not say what they have to.

        Raises:
            Rejected: with the reason.
        """
        ...

    def told(self, claims: Claims) -> Claims:
        """Return `requestContext.authorizer.claims`."""
        ...

    @property
    def trusted(self) -> str:
        """Which issuers are trusted, in words, and how another one is."""
        ...

    def advice(self, issuer: str) -> str:
        """Return how to say where the keys of *issuer* are."""
        ...


class CognitoRules:
    """COGNITO_USER_POOLS (rules 4.18 to 4.22)."""

    numbers = ("4.18", "4.20")
    algorithms = _COGNITO_ALGORITHMS

    def __init__(self, declared: CognitoAuthorizer, scopes: Iterable[str], stage: Stage) -> None:
        self.name = f"authorizer `{declared.name}` (COGNITO_USER_POOLS)"
        self.unknown = ""
        self._scopes = frozenset(scopes)
        self._validation = declared.validation
        self._stage = stage
        self._pools: dict[str, UserPool | None] = {}
        self._names: dict[str, str] = {}
        configured = {pool.id: pool for pool in stage.user_pools}
        for written in declared.pools:
            arn = USER_POOL_ARN.fullmatch(_resolved(written, stage))
            if arn is None:
                self.unknown = f"`{written}` is not the ARN of a user pool"
                continue
            pool = configured.get(arn["pool"])
            issuer = pool.issuer if pool is not None else None
            issuer = issuer or user_pool_issuer(arn["partition"], arn["region"], arn["pool"])
            self._pools[issuer] = pool
            self._names[issuer] = arn["pool"]

    @property
    def issuers(self) -> dict[str, tuple[str, ...]]:
        """The issuers of the pools, each with the clients that are let in; none of them for all."""
        return {
            issuer: pool.client_ids if pool is not None else ()
            for issuer, pool in self._pools.items()
        }

    def keys_of(self, issuer: str) -> KeysWanted | None:
        """Return where the keys of the pool are."""
        if issuer not in self._pools:
            return None
        return _place(issuer, self._pools[issuer]) or KeysWanted(
            issuer, f"{issuer}/.well-known/jwks.json", "url"
        )

    def check(self, claims: Claims) -> None:
        """Refuse the wrong kind of token, an unknown client, and missing scopes."""
        use: object = claims.get("token_use")
        wanted = "access" if self._scopes else "id"
        if use != wanted:
            raise Rejected(
                f"the token's `token_use` is {shown(use)}; a method"
                f" {'with' if self._scopes else 'without'} scopes takes `{wanted}` tokens"
            )
        audience: object = claims.get("aud")
        # An access token has no `aud`, and so never matches.
        # Source: API Gateway developer guide, "Integrate a REST API with an Amazon Cognito user
        # pool", "Token validation".
        if self._validation is not None and not self._is_valid(self._validation, audience):
            raise Rejected("the token's `aud` does not match identityValidationExpression")
        pool = self._pools[claims["iss"]]
        client: object = claims.get("client_id") if self._scopes else audience
        if pool is not None and pool.client_ids and client not in pool.client_ids:
            raise Rejected(f"the token is for {shown(client)}, which is none of `client_ids`")
        if self._scopes:
            _check_scopes(self._scopes, claims.get("scope"))

    def _is_valid(self, pattern: Pattern, audience: object) -> bool:
        from chalice.gateway.matching import identity_matches  # noqa: PLC0415 - most have none

        return isinstance(audience, str) and identity_matches(
            pattern, audience, self.name, self.numbers[0]
        )

    def told(self, claims: Claims) -> Claims:
        """Return every claim as text (rule 4.20)."""
        told: Claims = {}
        for name, value in claims.items():
            text = _date(value) if name in _DATES else _text(value)
            if text is not None:
                told[name] = text
        return told

    @property
    def trusted(self) -> str:
        """The issuers of the pools, and how a pool has another one on this machine."""
        pools = " and ".join(f"`{issuer}`" for issuer in self._pools) or "none"
        ids = " or ".join(f"`local.user_pools.{name}.issuer`" for name in self._names.values())
        return f"trusted: {pools}; for another one set {ids} in {self._stage.configured_in}"

    def advice(self, issuer: str) -> str:
        """Return how to say where the keys of the pool are."""
        return _advice(self._names[issuer], self._stage)


class JwtRules:
    """JWT (rule 4.23)."""

    numbers = ("4.23",)
    unknown = ""

    def __init__(self, declared: JwtAuthorizer, scopes: Iterable[str], stage: Stage) -> None:
        self.name = f"authorizer `{declared.name}` (JWT)"
        self.algorithms = frozenset(declared.algorithms)
        self._scopes = frozenset(scopes)
        self._stage = stage
        self._issuers = {issuer.url: issuer for issuer in declared.issuers}
        self._configured: Mapping[str, UserPool] = {
            (pool.issuer or pool.id): pool for pool in stage.user_pools
        } | {pool.id: pool for pool in stage.user_pools}

    def keys_of(self, issuer: str) -> KeysWanted | None:
        """Return where the keys of a trusted issuer are: where its discovery document says."""
        if issuer not in self._issuers:
            return None
        return _place(issuer, self._pool(issuer)) or KeysWanted(issuer, issuer, "discovery")

    def check(self, claims: Claims) -> None:
        """Refuse the wrong audience, claims that the issuer must make, and missing scopes."""
        issuer = self._issuers[claims["iss"]]
        _check_audience(issuer, claims)
        for rule in issuer.claims:
            value: object = claims.get(rule.name)
            if value is None and not rule.required:
                continue
            if not isinstance(value, str) or (rule.expected and value not in rule.expected):
                raise Rejected(f"the token's `{rule.name}` is {shown(value)}")
        if self._scopes:
            _check_scopes(self._scopes, claims.get("scope", claims.get("scp")))

    def told(self, claims: Claims) -> Claims:
        """Return the claims as they are: numbers stay numbers, lists stay lists.

        Source: API Gateway developer guide, "Pass JWT claims to your integration".
        """
        return claims

    @property
    def trusted(self) -> str:
        """The issuers that the definition names."""
        issuers = " and ".join(f"`{issuer}`" for issuer in self._issuers)
        return f"trusted: {issuers}, as the definition says"

    def advice(self, issuer: str) -> str:
        """Return how to say where the keys of the issuer are."""
        return _advice(issuer, self._stage)

    def _pool(self, issuer: str) -> UserPool | None:
        pool_id = issuer.rpartition("/")[2] if "://cognito-idp." in issuer else issuer
        return self._configured.get(issuer) or self._configured.get(pool_id)


def _check_audience(issuer: TrustedIssuer, claims: Claims) -> None:
    # `client_id` counts only where there is no `aud`, as for HTTP APIs (rule 4.30): inferred.
    name = "aud" if "aud" in claims else "client_id"
    if not set(texts(claims.get(name))) & set(issuer.audiences):
        raise Rejected(
            f"the token's `{name}` is {shown(claims.get(name))}, none of the issuer's audiences"
        )


def _check_scopes(wanted: frozenset[str], value: object) -> None:
    if not wanted.intersection(scopes_of(value)):
        raise Rejected(f"the token has none of the scopes {', '.join(sorted(wanted))}")


def _advice(pool: str, stage: Stage) -> str:
    return (
        f'say where they are in {stage.configured_in}: "local": {{"user_pools": {{"{pool}":'
        ' {"jwks_file": "FILE"}}}'
    )


def _place(issuer: str, pool: UserPool | None) -> KeysWanted | None:
    """Return where the configuration says that the keys are."""
    if pool is not None and pool.jwks_file is not None:
        return KeysWanted(issuer, pool.jwks_file, "file")
    if pool is not None and pool.jwks_url is not None:
        return KeysWanted(issuer, pool.jwks_url, "url")
    return None


def _resolved(arn: str, stage: Stage) -> str:
    """Return an ARN with stage variables and CloudFormation's pseudo parameters filled in."""
    known = {
        **stage.variables,
        "AWS::Partition": stage.partition,
        "AWS::Region": stage.region,
        "AWS::AccountId": stage.account_id,
    }
    return _VARIABLE.sub(lambda name: known.get(name[1], name[0]), arn)


def _date(value: object) -> str | None:
    try:
        at = gmtime(cast("float", value))
    except (TypeError, ValueError, OverflowError, OSError):
        return _text(value)
    day = f"{_DAYS[at.tm_wday]} {MONTHS[at.tm_mon - 1]} {at.tm_mday:02}"
    return f"{day} {at.tm_hour:02}:{at.tm_min:02}:{at.tm_sec:02} UTC {at.tm_year}"


def _text(value: object) -> str | None:
    """Return a claim as text: lists with commas, what is nested as JSON; None for `null`."""
    match value:
        case list():
            items = cast("list[object]", value)
            return ",".join(filter(None, map(_text, items)))
        case dict():
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        case _:
            return scalar_text(value)
