"""All checks of one deploy, and all that they find at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalice.config.reader import as_object
from chalice.deploy.artifacts import archive_key
from chalice.deploy.preflight import (
    domains,
    functions,
    handlers,
    names,
    parameters,
    policies,
    roles,
)
from chalice.deploy.preflight.coming import Written, resources_of, values_of
from chalice.diagnostics import InvalidApp, ordered
from chalice.resources import kinds
from chalice.resources.kinds import FUNCTION, ROLE
from chalice.template.merging import opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from chalice.deploy.preflight.coming import Coming
    from chalice.deploy.preflight.looking import Looking
    from chalice.deploy.templates import Placed, Wanted
    from chalice.diagnostics import Problem


def check(
    looking: Looking,
    wanted: Wanted,
    placed: Placed,
    before: Mapping[str, Any],
    stack_name: str,
    *,
    sandbox: bool = False,
    leaving: bool = False,
) -> tuple[Problem, ...]:
    """Return what deserves a look although it stops nothing.

    Args:
        looking: asks the account; only for what the template names, and has not named before.
        wanted: what is to be deployed.
        placed: its template.
        before: the template that is deployed; empty where none is.
        stack_name: the name of the stack.
        sandbox: whether it is an AWS on this machine: what is missing there stops nothing.
        leaving: whether a stack of that name is being removed: what it has is there for now.

    Raises:
        InvalidApp: AWS would refuse it; with every problem, warnings included.
    """
    account = looking.account
    values = values_of(placed.document, stack_name, looking.caller.account, account.region)
    graph = {item.logical_id: item for item in wanted.graph.resources}
    written = Written(graph, tuple(map(opened, wanted.merged)), values)
    coming = tuple(resources_of(placed.document, before, written))
    found = [*parameters.without_value(placed.document, written)]
    found += _of_itself(coming, wanted, stack_name, looking)
    of_account = [*_in_account(coming, wanted, looking)]
    if not leaving:
        of_account += _taken(coming, looking)
    found += map(_told, of_account) if sandbox else of_account
    if any(problem.severity == "error" for problem in found):
        raise InvalidApp(ordered(found))
    return ordered(found)


def _told(problem: Problem) -> Problem:
    if problem.severity != "error":
        return problem
    summary = f"{problem.summary}; on AWS that stops the deploy"
    return replace(problem, summary=summary, severity="warning")


def _of_itself(
    coming: Sequence[Coming], wanted: Wanted, stack_name: str, looking: Looking
) -> Iterator[Problem]:
    for item in coming:
        if item.type == FUNCTION:
            yield from functions.of_itself(item, looking.today)
        yield from names.of_itself(item)
        yield from policies.of_itself(item)
    key = archive_key(stack_name, wanted.code.sha256)
    packaged = [
        item
        for item in coming
        if item.type == FUNCTION and as_object(item.properties.get("Code")).get("S3Key") == key
    ]
    layer = wanted.layer.path if wanted.layer is not None else None
    yield from handlers.problems_of(packaged, wanted.code.path, layer)


def _in_account(coming: Sequence[Coming], wanted: Wanted, looking: Looking) -> Iterator[Problem]:
    own_bytes = sum(item.unzipped for item in (wanted.code, wanted.layer) if item is not None)
    every = [item for item in coming if item.type == FUNCTION]
    for item in every:
        if item.is_configured:
            yield from functions.in_account(item, looking, own_bytes)
    yield from functions.reserved(every, looking)
    for item in coming:
        if item.type == ROLE and item.differs("ManagedPolicyArns", "PermissionsBoundary"):
            yield from policies.in_account(item, looking)
        if item.type == domains.DOMAIN:
            yield from domains.in_account(item, looking)
        if item.type == kinds.API and item.differs("Body"):
            yield from roles.of_authorizers(item, looking)


def _taken(coming: Sequence[Coming], looking: Looking) -> Iterator[Problem]:
    own = [str(item.properties.get("DomainName")) for item in coming if item.type == domains.DOMAIN]
    for item in coming:
        if item.type == domains.MAPPING:
            yield from domains.mapping_taken(item, looking, own)
        if item.type == domains.DOMAIN:
            yield from domains.taken(item, looking)
        yield from names.in_account(item, looking)
