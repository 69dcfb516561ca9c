"""One route asked for one principal: through the gateway, its authorizers run, its views not."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, cast

from chalice.authz.callers import Callers, target_of
from chalice.authz.fixture import Principal, parameters_of
from chalice.gateway.api import LambdaAuthorizer, LambdaProxy
from chalice.gateway.authorizer_result import ResultCache
from chalice.gateway.gateway import Gateway
from chalice.gateway.http import HttpRequest
from chalice.invocation import Invocation, Outcome, Result, StillRunning, TimedOut
from chalice.rules.facts import VERBS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalice.authz.fixture import Fixture
    from chalice.gateway.api import Api, Method
    from chalice.gateway.exchange import KeySource
    from chalice.gateway.stage import Stage
    from chalice.invocation import Invoker

Verdict = Literal["allowed", "401", "403", "error"]

_VIEW_ANSWERS = Result(b'{"statusCode":200,"body":""}')

# Most functions that hang for one request of a principal hang for all of them, and each would cost
# the whole timeout.
PATIENCE_SECONDS = 2.0

# The part of it in which a function runs alone, as in an environment of Lambda.
_ALONE = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """A method that is asked for; each is equal to itself alone.

    Attributes:
        path: of the resource.
        verb: as declared.
        method: as the definition has it.
        asked_verb: the verb that is sent; another one than *verb* only for ANY.
        asked_path: *path* with something in the place of its parameters.
    """

    path: str
    verb: str
    method: Method
    asked_verb: str
    asked_path: str

    @property
    def label(self) -> str:
        """The route as people write it: `GET /orders/{id}`."""
        return f"{self.verb} {self.path}"

    @property
    def authorizer(self) -> str | None:
        """The name of what guards it."""
        return None if self.method.authorizer is None else self.method.authorizer.name


@dataclass(frozen=True, slots=True)
class Cell:
    """What one principal gets from one route.

    Attributes:
        target: what was asked for.
        principal: who asked.
        verdict: whether the view would have been called, else what was answered in its place.
        status: of the answer.
        reason: why, where the gateway refused; empty where the view would have been called.
        resource: what answered.
    """

    target: Target
    principal: str
    verdict: Verdict
    status: int
    reason: str = ""
    resource: str | None = None


def targets_of(api: Api, fixture: Fixture) -> Iterator[Target]:
    """Yield the methods of *api* that call a function, in the order of the definition."""
    for resource in api.resources:
        for verb, method in resource.methods.items():
            if not isinstance(method.integration, LambdaProxy):
                continue
            free = (name for name in VERBS if name not in resource.methods)
            asked_verb = next(free, "GET") if verb == "ANY" else verb
            given = fixture.parameters.get(f"{verb} {resource.path}", {})
            yield Target(resource.path, verb, method, asked_verb, _filled(resource.path, given))


def _filled(path: str, given: Mapping[str, str]) -> str:
    """Return *path* with its parameters filled in; `name-1` stands for what nobody gave."""
    for name in parameters_of(path):
        value = given.get(name, f"{name}-1")
        path = path.replace(f"{{{name}}}", value).replace(f"{{{name}+}}", value)
    return path


# --- asking ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """A cell, whether its authorizer's function was asked for it, and what that came to."""

    cell: Cell
    outcomes: tuple[Outcome, ...]


class Desk:
    """A gateway, and what is to be known of each answer beside the answer."""

    def __init__(
        self,
        definition: Mapping[str, Any],
        stage: Stage,
        invoker: OnlyAuthorizers,
        issuers: KeySource,
        clock: Callable[[], float],
    ) -> None:
        # The table says who may call, however often they do.
        plans = (replace(plan, rate=None, burst=None, quota=None) for plan in stage.usage_plans)
        stage = replace(stage, usage_plans=tuple(plans))
        self._cache = ResultCache(clock)
        self._callers = Callers(stage, clock, issuers)
        self._invoker = invoker
        self._host = stage.execute_api_domain
        self._prefix = f"/{stage.name}" if stage.in_path else ""
        self.gateway = Gateway(
            _without_validators(definition),
            stage,
            self._invoker,
            keys=self._callers,
            clock=clock,
            cache=self._cache,
        )
        self._invoker.authorizers = frozenset(
            method.authorizer.function
            for resource in self.gateway.api.resources
            for method in resource.methods.values()
            if isinstance(method.authorizer, LambdaAuthorizer)
        )

    def ask(
        self, target: Target, principal: Principal, *, afresh: bool, verb: str | None = None
    ) -> Asked:
        """Send the request of *principal* to *target*.

        Args:
            target: where to.
            principal: whose request.
            afresh: whether all that is kept of authorizers is forgotten first.
            verb: another verb than the target's.
        """
        if afresh:
            self._cache.clear()
        verb = verb or target.asked_verb
        path = self._prefix + target.asked_path
        sent = target_of(path, principal.query)
        headers = self._callers.headers(principal, target.method, verb, sent, self._host)
        self._invoker.begin(principal.name, f"{verb} {path}")
        response = self.gateway.answer(HttpRequest(verb, sent, headers))
        verdict: Verdict = "error"
        reason = f"{response.reason or ''}{self._invoker.remark}"
        if response.resource not in {target.path, None}:
            reason = f"`{response.resource}` answers `{verb} {path}`"
        elif self._invoker.reached_view:
            verdict, reason = "allowed", ""
        elif response.status == 401:
            verdict = "401"
        elif response.status == 403:
            verdict = "403"
        cell = Cell(target, principal.name, verdict, response.status, reason, response.resource)
        return Asked(cell, tuple(self._invoker.outcomes))

    def reaches(self, target: Target, verb: str) -> str | None:
        """Return the resource whose view answers nobody's *verb* to *target*, None for no view."""
        found = self.ask(target, Principal("nobody"), afresh=True, verb=verb)
        return found.cell.resource if self._invoker.reached_view else None


class OnlyAuthorizers:
    """Runs the functions of authorizers, each no longer than it may; answers for the views.

    A function that hangs is left behind in its thread. It is not asked again about the same
    request of the same principal, and not waited for so long about their others.

    Args:
        functions: runs them.
        timeouts: seconds, by the name that invocations use for a function.
        patience_seconds: how long a function is waited for that has hung for another request of
            the same principal.
        turn: is held by who asks, and let go while a function seems to hang: other principals then
            have theirs.
        hung: by function and principal, what the function hung for and what came of it.
    """

    def __init__(
        self,
        functions: Invoker,
        timeouts: Mapping[str, float],
        patience_seconds: float,
        turn: threading.Lock,
        hung: dict[tuple[str, str], dict[str, Outcome]],
    ) -> None:
        self._functions = functions
        self._timeouts = timeouts
        self._patience_seconds = patience_seconds
        self._turn = turn
        self._hung = hung
        self.authorizers: frozenset[str] = frozenset()
        self.begin("", "")

    def begin(self, principal: str, request: str) -> None:
        """Forget what was seen; *principal* is about to send *request*."""
        self._principal = principal
        self._request = request
        self.reached_view = False
        self.outcomes: list[Outcome] = []
        self.remark = ""

    def invoke(self, invocation: Invocation) -> Outcome:
        """Run an authorizer's function, or note that a view would have been called."""
        if invocation.function not in self.authorizers:
            self.reached_view = True
            return _VIEW_ANSWERS
        hung = self._hung.setdefault((invocation.function, self._principal), {})
        outcome = hung.get(self._request) or self._run(invocation, hung)
        self.outcomes.append(outcome)
        return outcome

    def _run(self, invocation: Invocation, hung: dict[str, Outcome]) -> Outcome:
        """Return what comes of *invocation* in time; note in *hung* where nothing does."""
        outcomes: list[Outcome] = []
        thread = threading.Thread(
            target=lambda: outcomes.append(self._functions.invoke(invocation)), daemon=True
        )
        thread.start()
        within = invocation.within_seconds
        timeout = self._timeouts.get(invocation.function, within)
        limit = min(within, timeout)
        patience = min(limit, self._patience_seconds) if hung else limit
        alone = min(limit, self._patience_seconds * _ALONE)
        thread.join(alone)
        if not outcomes:
            self._turn.release()
            thread.join(patience - alone)
            self._turn.acquire()
        if outcomes:
            return outcomes[0]
        outcome: Outcome = TimedOut(timeout) if timeout <= within else StillRunning()
        if patience < limit:
            first = next(iter(hung))
            self.remark = f": it was given {patience:g} s, since it hung for `{first}` before"
            outcome = StillRunning()
        hung[self._request] = outcome
        return outcome


def _without_validators(definition: Mapping[str, Any]) -> dict[str, Any]:
    """Return *definition* without request validation, which comes after who may call.

    The requests that are sent here have no bodies, and no parameters but those of a principal.
    """
    return {
        name: _without_validators(cast("Mapping[str, Any]", value))
        if isinstance(value, Mapping)
        else value
        for name, value in definition.items()
        if name != "x-amazon-apigateway-request-validator"
    }
