"""The table of routes by principals, and the warnings that it does not show by itself."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalice.authz.asking import PATIENCE_SECONDS, Desk, OnlyAuthorizers, targets_of
from chalice.gateway.api import LambdaAuthorizer
from chalice.rules.facts import VERBS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chalice.authz.asking import Asked, Cell, Target
    from chalice.authz.fixture import Fixture, Principal
    from chalice.gateway.exchange import KeySource
    from chalice.gateway.stage import Stage
    from chalice.invocation import Invoker, Outcome


@dataclass(frozen=True, slots=True)
class Trap:
    """A policy that is kept and decides otherwise than the authorizer would (rule 4.12).

    Attributes:
        authorizer: whose policy it is.
        principal: whose policy it is.
        ttl_seconds: how long it is kept.
        first: the route that was asked for first.
        then: routes that get another answer after it.
        shuts_out: whether they are refused where the authorizer would let in; else the reverse.
    """

    authorizer: str
    principal: str
    ttl_seconds: int
    first: Target
    then: tuple[Target, ...]
    shuts_out: bool


@dataclass(frozen=True, slots=True)
class Leak:
    """An open greedy resource that answers for a guarded path (rule 3.3).

    Attributes:
        greedy: the resource that answers.
        path: the one that is guarded.
        verbs: those that are answered.
        guarded: the guarded verbs of *path*.
    """

    greedy: str
    path: str
    verbs: tuple[str, ...]
    guarded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The table, a cell for each target and principal, and what it does not show by itself."""

    principals: tuple[str, ...]
    cells: tuple[Cell, ...]
    traps: tuple[Trap, ...] = ()
    leaks: tuple[Leak, ...] = ()


def compute(
    definition: Mapping[str, Any],
    stage: Stage,
    fixture: Fixture,
    functions: Invoker,
    issuers: KeySource,
    *,
    timeouts: Mapping[str, float],
    clock: Callable[[], float] = time.time,
    patience_seconds: float = PATIENCE_SECONDS,
) -> Matrix:
    """Return who may call what.

    Args:
        definition: the API.
        stage: where it is served.
        fixture: who calls.
        functions: runs the functions of authorizers; no other function is invoked.
        issuers: finds the keys of issuers of tokens.
        timeouts: seconds, by the name that invocations use for a function.
        clock: seconds since the epoch.
        patience_seconds: how long a function is waited for that has hung for another request of
            the same principal.

    Raises:
        InvalidDefinition: the gateway cannot serve the definition.
    """
    turn = threading.Lock()
    hung: dict[tuple[str, str], dict[str, Outcome]] = {}

    def desk() -> Desk:
        invoker = OnlyAuthorizers(functions, timeouts, patience_seconds, turn, hung)
        return Desk(definition, stage, invoker, issuers, clock)

    own = desk()
    targets = list(targets_of(own.gateway.api, fixture))
    groups = _sharing(targets)

    def row(principal: Principal) -> _Row:
        with turn:
            return _row(desk(), targets, groups, principal)

    rows = _all_at_once(row, fixture.principals)
    with turn:
        leaks = tuple(_leaks(own, targets))
    return Matrix(
        principals=tuple(principal.name for principal in fixture.principals),
        cells=tuple(row.asked[target].cell for target in targets for row in rows),
        traps=tuple(trap for name in groups for row in rows for trap in row.traps[name]),
        leaks=leaks,
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """What one principal gets, and the traps for them, by authorizer."""

    asked: Mapping[Target, Asked]
    traps: Mapping[str, tuple[Trap, ...]]


def _row(
    desk: Desk, targets: list[Target], groups: Mapping[str, list[Target]], principal: Principal
) -> _Row:
    asked = {target: desk.ask(target, principal, afresh=True) for target in targets}
    traps = {
        name: tuple(_traps_of(desk, group, principal, asked)) if len(group) > 1 else ()
        for name, group in groups.items()
    }
    return _Row(asked, traps)


def _all_at_once(
    row: Callable[[Principal], _Row], principals: tuple[Principal, ...]
) -> tuple[_Row, ...]:
    """Return the row of each principal; their threads keep nobody from ending the program."""

    def settle(found: Future[_Row], principal: Principal) -> None:
        try:
            found.set_result(row(principal))
        except BaseException as error:  # noqa: BLE001 - raised where the row is asked for
            found.set_exception(error)

    rows: list[Future[_Row]] = []
    for principal in principals:
        rows.append(Future())
        threading.Thread(target=settle, args=(rows[-1], principal), daemon=True).start()
    return tuple(found.result() for found in rows)


# --- what the table does not show ------------------------------------------------------------


def _sharing(targets: list[Target]) -> dict[str, list[Target]]:
    """Return the targets whose authorizer's policies are kept, by authorizer."""
    groups: dict[str, list[Target]] = {}
    for target in targets:
        declared = target.method.authorizer
        if isinstance(declared, LambdaAuthorizer) and declared.ttl_seconds:
            groups.setdefault(declared.name, []).append(target)
    return groups


def _traps_of(
    desk: Desk,
    group: list[Target],
    principal: Principal,
    asked: Mapping[Target, Asked],
) -> Iterator[Trap]:
    """Yield the first trap of each kind: where the order of two requests decides."""
    # One policy is tried once: most authorizers give a principal the same for every route.
    tried: set[tuple[Outcome, ...]] = set()
    told: set[bool] = set()
    for first in group:
        outcomes = asked[first].outcomes
        if not outcomes or outcomes in tried or len(told) == 2:
            continue
        tried.add(outcomes)
        for shuts_out, routes in _changed(desk, group, first, principal, asked).items():
            declared = first.method.authorizer
            if routes and shuts_out not in told and isinstance(declared, LambdaAuthorizer):
                told.add(shuts_out)
                ttl_seconds = declared.ttl_seconds
                then = tuple(routes)
                yield Trap(declared.name, principal.name, ttl_seconds, first, then, shuts_out)


def _changed(
    desk: Desk,
    group: list[Target],
    first: Target,
    principal: Principal,
    asked: Mapping[Target, Asked],
) -> dict[bool, list[Target]]:
    """Return what of *group* is answered otherwise after *first*, by whether it was allowed."""
    changed: dict[bool, list[Target]] = {True: [], False: []}
    desk.ask(first, principal, afresh=True)
    for then in group:
        after = desk.ask(then, principal, afresh=False)
        before = asked[then].cell.verdict == "allowed"
        # Where the function was asked, nothing was kept: an error, or another identity.
        if not after.outcomes and before != (after.cell.verdict == "allowed"):
            changed[before].append(then)
    return changed


def _leaks(desk: Desk, targets: list[Target]) -> Iterator[Leak]:
    """Yield the open greedy resources that answer verbs which a guarded path does not serve."""
    by_path: dict[str, list[Target]] = {}
    for target in targets:
        if target.authorizer is not None:
            by_path.setdefault(target.path, []).append(target)
    served = {resource.path: resource.methods for resource in desk.gateway.api.resources}
    for path, guarded in by_path.items():
        if "ANY" in served[path]:
            continue
        answered: dict[str, list[str]] = {}
        for verb in VERBS:
            if verb not in served[path]:
                resource = desk.reaches(guarded[0], verb)
                if resource is not None and resource != path:
                    answered.setdefault(resource, []).append(verb)
        for greedy, verbs in answered.items():
            yield Leak(greedy, path, tuple(verbs), tuple(target.verb for target in guarded))
