"""Who may call a method: the guards, one class for each kind of authorizer.

A guard admits a call or raises the refusal that the caller gets. What it cannot find out it
refuses: nobody is let in because an answer was missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, assert_never

from chalice import iam
from chalice.gateway.api import (
    Authorizer,
    ClosedAuthorizer,
    CognitoAuthorizer,
    IamAuthorizer,
    JwtAuthorizer,
    LambdaAuthorizer,
    Method,
)
from chalice.gateway.authorizer_result import AuthorizerResult, ResultCache, read
from chalice.gateway.call import OPEN, Call, Grant
from chalice.gateway.exchange import Exchange, invoked
from chalice.gateway.iam_guard import Callers, IamGuard
from chalice.gateway.limits import MAX_METHOD_ARN_BYTES
from chalice.gateway.policies import undecided
from chalice.gateway.responses import (
    ACCESS_DENIED,
    ACCESS_DENIED_EXPLICITLY,
    AUTHORIZER_CONFIGURATION_ERROR,
    METHOD_ARN_TOO_LONG,
    UNAUTHORIZED,
    Refusal,
)
from chalice.gateway.result import scalar_text
from chalice.invocation import Invocation

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice.gateway.event import Events
    from chalice.gateway.ids import Ids
    from chalice.gateway.jwks import KeyRing
    from chalice.gateway.policies import Questions, ResourcePolicy
    from chalice.gateway.stage import Stage
    from chalice.rules.facts import IdentitySource
    from chalice.rules.patterns import Pattern

# How long the gateway waits for an authorizer; the limit of every integration (rule 2.8).
_WITHIN_SECONDS = 29.0


class Guard(Protocol):
    """Admits calls; an implementation is safe to call from several threads."""

    def admit(self, call: Call) -> Exchange[Grant]:
        """Return what *call* is granted, or raise the refusal; may ask for invocations."""
        ...


_OPEN_BY_POLICY = Grant(rules=("4.29",))


class OpenGuard:
    """No authorizer: only the resource policy can refuse."""

    def __init__(self, policy: ResourcePolicy | None) -> None:
        self._policy = policy
        self._grant = OPEN if policy is None else _OPEN_BY_POLICY

    def admit(self, call: Call) -> Exchange[Grant]:
        """Return an empty grant."""
        yield from ()
        if self._policy is not None:
            self._policy.refuse_unless_allowed(call)
        return self._grant


class OpenedGuard:
    """An authorizer that somebody has opened on purpose: all that remains is the resource policy.

    A policy that is evaluated together with the authorizer's own (rule 4.29) can still deny; one
    that has to allow as well still has to.
    """

    def __init__(self, declared: Authorizer, policy: ResourcePolicy | None) -> None:
        self._policy = policy
        self._denials_only = isinstance(declared, LambdaAuthorizer | IamAuthorizer)

    def admit(self, call: Call) -> Exchange[Grant]:
        """Return an empty grant: nobody was asked, so nothing is known of the caller."""
        yield from ()
        if self._policy is None:
            return OPEN
        if self._denials_only:
            self._policy.refuse_denied(call)
        else:
            self._policy.refuse_unless_allowed(call)
        return _OPEN_BY_POLICY


class ClosedGuard:
    """An authorizer that cannot be asked here."""

    def __init__(self, declared: ClosedAuthorizer) -> None:
        self._declared = declared

    def admit(self, call: Call) -> Exchange[Grant]:
        """Raise the refusal, naming the kind for the terminal."""
        yield from ()
        raise Refusal(
            AUTHORIZER_CONFIGURATION_ERROR,
            reason=f"{call.resource_path} is guarded by `{self._declared.name}`, and authorizers of"
            f" kind {self._declared.kind} are not evaluated locally: refused",
            not_emulated=f"authorizers of kind {self._declared.kind}",
        )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What guards are given beside their declaration."""

    events: Events
    cache: ResultCache
    clock: Callable[[], float]
    ids: Ids
    questions: Questions
    policy: ResourcePolicy | None
    callers: Callers
    stage: Stage
    open_authorizers: bool = False
    key_rings: dict[str, tuple[str, KeyRing]] = field(
        default_factory=dict[str, "tuple[str, KeyRing]"]
    )


class LambdaGuard:
    """A TOKEN or REQUEST authorizer: a function whose policy is applied to each call."""

    def __init__(self, declared: LambdaAuthorizer, around: Surroundings) -> None:
        self._declared = declared
        self._around = around
        # Rules: what the function is told, or that its policy was kept; then how it is evaluated.
        validated = ("4.5",) if declared.validation is not None else ()
        policies = ("4.11",) if around.policy is None else ("4.11", "4.29")
        asked = "4.1" if declared.type == "TOKEN" else "4.2"
        self._rules_asked = (*validated, asked, *policies)
        self._rules_kept = (*validated, "4.12", *policies)

    def admit(self, call: Call) -> Exchange[Grant]:
        """Return the authorizer's context for *call*, from the cache or from its function."""
        around = self._around
        arn = around.events.method_arn(call)
        if len(arn.encode("utf-8", "replace")) > MAX_METHOD_ARN_BYTES:
            raise Refusal(METHOD_ARN_TOO_LONG, reason=f"method ARN over {MAX_METHOD_ARN_BYTES}")
        if around.policy is not None:
            around.policy.refuse_denied(call)
        identity = self._identity(call)
        key = (self._declared.name, *identity)
        # The policy is kept, not the decision: it is asked again about each ARN (rule 4.12).
        result = around.cache.get(key) if self._declared.ttl_seconds else None
        latency_ms = 0
        rules = self._rules_kept
        if result is None:
            rules = self._rules_asked
            started = around.clock()
            outcome = yield from invoked(self._invocation(call, identity, arn))
            latency_ms = max(0, round((around.clock() - started) * 1000))
            result = read(outcome, self._declared.name)
            if self._declared.ttl_seconds:
                around.cache.put(key, result, self._declared.ttl_seconds)
        self._refuse_unless_allowed(call, result, arn, rules)
        return result.grant(latency_ms, rules)

    def _identity(self, call: Call) -> tuple[str, ...]:
        """Return the values of the identity sources, or raise 401 (rules 4.4 and 4.5).

        Every source that is named has to be there, whether results are kept or not; without caching
        none need be named. Source: API Gateway API reference, CreateAuthorizer, "identitySource".
        """
        declared = self._declared
        values = tuple(self._value(call, source) for source in declared.sources)
        if not all(values):
            missing = declared.sources[values.index("")].name
            raise Refusal(
                UNAUTHORIZED,
                reason=f"`{missing}`, by which `{declared.name}` identifies callers, is missing or"
                " empty",
            )
        if declared.validation is not None:
            self._validate(declared.validation, values[0])
        return values

    def _validate(self, pattern: Pattern, token: str) -> None:
        """Raise 401 for a token that is not what the definition wants (rule 4.5)."""
        # Most authorizers have no pattern.
        from chalice.gateway.matching import identity_matches  # noqa: PLC0415

        if not identity_matches(pattern, token, f"authorizer `{self._declared.name}`", "4.5"):
            raise Refusal(
                UNAUTHORIZED,
                reason="the token does not match identityValidationExpression",
                rules=("4.5",),
            )

    def _value(self, call: Call, source: IdentitySource) -> str:
        if source.kind == "header":
            return call.arrival.header(source.name.lower()) or ""
        if source.kind == "querystring":
            return (call.query.last or {}).get(source.name, "")
        scope = self._around.events.scope(call.arrival, call)
        if source.kind == "stageVariables":
            return scope.variables.get(source.name, "")
        return scalar_text(scope.find(source.name)) or ""

    def _invocation(self, call: Call, identity: tuple[str, ...], arn: str) -> Invocation:
        events = self._around.events
        if self._declared.type == "TOKEN":
            payload = events.token(identity[0], arn)
        else:
            payload = events.request(call, OPEN, arn)
        return Invocation(
            function=self._declared.function,
            payload=payload,
            within_seconds=_WITHIN_SECONDS,
            request_id=self._around.ids.request_id(),
            trace_id=call.arrival.trace_root,
        )

    def _refuse_unless_allowed(
        self, call: Call, result: AuthorizerResult, arn: str, rules: tuple[str, ...]
    ) -> None:
        """Raise the denial of rule 4.10, unless the two policies together allow (rule 4.29)."""
        around = self._around
        resource = () if around.policy is None else (around.policy.policy,)
        decision = iam.evaluate((result.policy, *resource), around.questions.about(call))
        name = self._declared.name
        denied = (*rules, "4.10")
        match decision.verdict:
            case iam.Verdict.ALLOW:
                return
            case iam.Verdict.EXPLICIT_DENY:
                raise Refusal(
                    ACCESS_DENIED_EXPLICITLY, reason=f"`{name}` denies {arn}", rules=denied
                )
            case iam.Verdict.IMPLICIT_DENY:
                raise Refusal(ACCESS_DENIED, reason=f"`{name}` does not allow {arn}", rules=denied)
            case iam.Verdict.UNDECIDED:
                raise undecided(f"the policy of `{name}`", decision, rules)
            case other:
                assert_never(other)


def guard(method: Method, around: Surroundings) -> Guard:
    """Return what guards *method*."""
    declared = method.authorizer
    if declared is not None and around.open_authorizers:
        return OpenedGuard(declared, around.policy)
    match declared:
        case None:
            return OpenGuard(around.policy)
        case LambdaAuthorizer():
            return LambdaGuard(declared, around)
        case CognitoAuthorizer() | JwtAuthorizer():
            # Most APIs have no tokens and need not load what reads them.
            from chalice.gateway import token_guard  # noqa: PLC0415

            return token_guard.guard(declared, method.scopes, around)
        case IamAuthorizer():
            return IamGuard(around.callers, around.questions, around.policy)
        case ClosedAuthorizer():
            return ClosedGuard(declared)
        case other:
            assert_never(other)
