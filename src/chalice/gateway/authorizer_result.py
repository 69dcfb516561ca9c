"""What a Lambda authorizer's function returned, read, and kept for as long as it may be."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, assert_never, cast

from chalice import iam
from chalice.gateway.call import Grant
from chalice.gateway.responses import (
    AUTHORIZER_CONFIGURATION_ERROR,
    AUTHORIZER_FAILURE,
    UNAUTHORIZED,
    Refusal,
)
from chalice.gateway.result import read_json, scalar_text
from chalice.invocation import (
    FunctionError,
    NotInvocable,
    Outcome,
    Result,
    StillRunning,
    Throttled,
    TimedOut,
)

if TYPE_CHECKING:
    from collections.abc import Callable

# Source: rule 4.14.
_MAX_RESULT_BYTES = 8 * 1024
_MAX_RESOURCE_CHARACTERS = 512

# Results kept for all authorizers of an API; the oldest goes first.
_MAX_CACHED = 10_000


@dataclass(frozen=True, slots=True)
class AuthorizerResult:
    """A result of a Lambda authorizer that is well formed: what is kept and applied to calls."""

    policy: iam.Policy
    principal_id: str
    context: tuple[tuple[str, str], ...]
    usage_key: str | None

    def grant(self, latency_ms: int, rules: tuple[str, ...]) -> Grant:
        """Return what the back end is told: everything a text but the latency (rule 4.9)."""
        values: dict[str, Any] = dict(self.context)
        values["principalId"] = self.principal_id
        values["integrationLatency"] = latency_ms
        return Grant(authorizer=values, usage_key=self.usage_key, rules=rules)


class ResultCache:
    """Results of authorizers for as long as each may be kept; bounded, oldest out first."""

    def __init__(self, clock: Callable[[], float], most: int = _MAX_CACHED) -> None:
        self._clock = clock
        self._most = most
        self._lock = threading.Lock()
        self._entries: dict[tuple[str, ...], tuple[float, AuthorizerResult]] = {}

    def get(self, key: tuple[str, ...]) -> AuthorizerResult | None:
        """Return the result that is kept for *key*, if its time is not over."""
        entry = self._entries.get(key)
        return entry[1] if entry is not None and self._clock() < entry[0] else None

    def put(self, key: tuple[str, ...], result: AuthorizerResult, ttl_seconds: int) -> None:
        """Keep *result* for *ttl_seconds* from now."""
        with self._lock:
            self._entries.pop(key, None)
            while len(self._entries) >= self._most:
                del self._entries[next(iter(self._entries))]
            self._entries[key] = (self._clock() + ttl_seconds, result)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()


def read(outcome: Outcome, name: str) -> AuthorizerResult:
    """Return the result, or raise what the caller gets in its place (rules 4.6 and 4.7)."""
    match outcome:
        case Result(payload):
            return _read(payload, name)
        case FunctionError(_, "Unauthorized"):
            raise Refusal(
                UNAUTHORIZED, reason=f"authorizer `{name}` raised Unauthorized", rules=("4.6",)
            )
        case FunctionError(error_type, message):
            reason = f"raised {error_type}: {message}"
        case NotInvocable(why):
            raise Refusal(
                AUTHORIZER_CONFIGURATION_ERROR,
                reason=f"authorizer `{name}` cannot be invoked here: {why}",
                not_emulated=f"authorizer `{name}`, whose function is not on this machine",
            )
        case TimedOut(seconds):
            reason = f"ran past its timeout of {seconds:g} s"
        case StillRunning():
            reason = "had no answer in time"
        case Throttled():
            reason = "has no concurrency left"
        case other:
            assert_never(other)
    raise Refusal(AUTHORIZER_FAILURE, reason=f"authorizer `{name}` {reason}")


def _read(payload: bytes, name: str) -> AuthorizerResult:
    try:
        return _well_formed(payload)
    except _MalformedError as error:
        what = str(error)
    except iam.PolicyError as error:
        what = f"a policy that is not valid: {error}"
    except (ValueError, RecursionError) as error:
        what = f"what cannot be read as JSON: {error}"
    raise Refusal(AUTHORIZER_CONFIGURATION_ERROR, reason=f"authorizer `{name}` returned {what}")


class _MalformedError(Exception):
    """The result of an authorizer's function is not what API Gateway takes."""


def _well_formed(payload: bytes) -> AuthorizerResult:
    if len(payload) > _MAX_RESULT_BYTES:
        raise _MalformedError(f"more than {_MAX_RESULT_BYTES} bytes")
    result: object = read_json(payload.decode())
    if not isinstance(result, dict):
        raise _MalformedError("something that is not an object")
    value = cast("dict[str, object]", result)
    principal_id = scalar_text(value.get("principalId"))
    if not principal_id:
        raise _MalformedError("no principalId")
    if "policyDocument" not in value:
        raise _MalformedError("no policyDocument")
    policy = iam.parse(value["policyDocument"], resource_based=False)
    if policy.longest_resource > _MAX_RESOURCE_CHARACTERS:
        raise _MalformedError(f"a Resource of over {_MAX_RESOURCE_CHARACTERS} characters")
    context: list[tuple[str, str]] = []
    given = value.get("context")
    if given is not None and not isinstance(given, dict):
        raise _MalformedError("a context that is not an object")
    for key, item in cast("dict[str, object]", given or {}).items():
        text = scalar_text(item)
        if text is not None:
            context.append((key, text))
        elif item is not None:
            raise _MalformedError(f"a list or an object as `{key}` of the context")
    return AuthorizerResult(
        policy, principal_id, tuple(context), scalar_text(value.get("usageIdentifierKey"))
    )
