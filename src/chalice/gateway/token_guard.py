"""Guards a method by a token: refuse what needs no key first, then find the key, then verify."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalice.gateway import jwks, tokens
from chalice.gateway.api import CognitoAuthorizer, JwtAuthorizer
from chalice.gateway.call import Grant
from chalice.gateway.exchange import Exchange, KeysFound, KeysWanted, found
from chalice.gateway.responses import (
    AUTHORIZER_CONFIGURATION_ERROR,
    TOKEN_EXPIRED,
    UNAUTHORIZED_TOKEN,
    Refusal,
)
from chalice.gateway.token_rules import CognitoRules, JwtRules, TokenRules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalice.gateway.authorize import Surroundings
    from chalice.gateway.call import Call


def guard(
    declared: CognitoAuthorizer | JwtAuthorizer, scopes: Iterable[str], around: Surroundings
) -> TokenGuard:
    """Return what guards a method that asks for *scopes* by the authorizer *declared*."""
    rules: TokenRules
    if isinstance(declared, CognitoAuthorizer):
        rules = CognitoRules(declared, scopes, around.stage)
    else:
        rules = JwtRules(declared, scopes, around.stage)
    return TokenGuard(declared.header, rules, around)


class _Unavailable(Exception):
    """The keys cannot be had; the text says why."""


class TokenGuard:
    """A COGNITO_USER_POOLS or JWT authorizer in front of one method.

    Nothing is remembered of a token: each is read and verified anew, so none outlives itself.
    """

    def __init__(self, header: str, rules: TokenRules, around: Surroundings) -> None:
        self._header = header.lower()
        self._rules = rules
        self._around = around
        policy = () if around.policy is None else ("4.29",)
        self._rules_broken = (rules.numbers[0], TOKEN_EXPIRED.rule)
        self._rules_kept_to = (*rules.numbers, *policy)

    def admit(self, call: Call) -> Exchange[Grant]:
        """Return the claims of the token that *call* shows.

        The resource policy is asked only about a caller whose token is good, and has to allow it.
        Source: API Gateway developer guide, "How API Gateway resource policies affect
        authorization workflow", "Amazon Cognito authentication and resource policy".
        """
        try:
            token = tokens.read(call.arrival.header(self._header))
            wanted = self._wanted(token)
            key = yield from self._key(token, wanted)
            key.verify(token)
        except tokens.Expired as expired:
            raise Refusal(
                TOKEN_EXPIRED, reason=self._reason(expired), rules=self._rules_broken
            ) from None
        except tokens.Rejected as rejected:
            raise Refusal(
                UNAUTHORIZED_TOKEN, reason=self._reason(rejected), rules=self._rules_broken
            ) from None
        if self._around.policy is not None:
            self._around.policy.refuse_unless_allowed(call)
        return Grant(
            authorizer={"claims": self._rules.told(token.claims)}, rules=self._rules_kept_to
        )

    def _wanted(self, token: tokens.Token) -> KeysWanted:
        """Refuse *token* for all that shows without a key, and return where its key is."""
        rules = self._rules
        if token.algorithm not in rules.algorithms:
            raise tokens.Rejected(
                f"the token is signed by {tokens.shown(token.algorithm)}; accepted are"
                f" {', '.join(sorted(rules.algorithms))}"
            )
        issuer: object = token.claims.get("iss")
        wanted = rules.keys_of(issuer) if isinstance(issuer, str) else None
        if wanted is None:
            if rules.unknown:
                raise Refusal(
                    AUTHORIZER_CONFIGURATION_ERROR, reason=f"{rules.name}: {rules.unknown}"
                )
            raise tokens.Rejected(
                f"the token's issuer {tokens.shown(issuer)} is not trusted; {rules.trusted}"
            )
        tokens.check_times(token.claims, self._around.clock())
        rules.check(token.claims)
        return wanted

    def _key(self, token: tokens.Token, wanted: KeysWanted) -> Exchange[jwks.SigningKey]:
        """Return the key that *token* names, looking for new keys where it is not among the known.

        Raises:
            Refusal: there are no keys.
            Rejected: the issuer has no such key.
        """
        try:
            text = yield from self._text(wanted)
            key = jwks.key_for(token, self._ring(wanted, text))
        except _Unavailable as error:
            raise Refusal(
                AUTHORIZER_CONFIGURATION_ERROR,
                reason=f"{self._rules.name}: the keys of {wanted.issuer} cannot be had: {error};"
                f" {self._rules.advice(wanted.issuer)}",
                rules=self._rules_broken[:1],
                not_emulated=f"verifying tokens without the keys of {wanted.issuer}",
            ) from None
        if key is not None:
            return key
        unknown = f"the issuer has no key {tokens.shown(token.key_id)} for {token.algorithm}"
        try:
            text = yield from self._text(replace(wanted, beyond=text))
            key = jwks.key_for(token, self._ring(wanted, text))
        except _Unavailable as error:
            raise tokens.Rejected(f"{unknown}, and new ones cannot be had: {error}") from None
        if key is None:
            raise tokens.Rejected(unknown)
        return key

    def _text(self, wanted: KeysWanted) -> Exchange[str]:
        keys = yield from found(wanted)
        if isinstance(keys, KeysFound):
            return keys.text
        asked = wanted.first_asked
        raise _Unavailable(keys.reason if asked in keys.reason else f"{asked}: {keys.reason}")

    def _ring(self, wanted: KeysWanted, text: str) -> jwks.KeyRing:
        try:
            return jwks.kept(self._around.key_rings, wanted, text)
        except jwks.KeysUnreadable as error:
            raise _Unavailable(f"{wanted.place} is no key set: {error}") from None

    def _reason(self, rejected: tokens.Rejected) -> str:
        return f"{self._rules.name}: {rejected}"
