"""All checks of one deploy, and all that they find at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalice.config.reader import as_object
from chalice.deploy.artifacts import archive_key
from chalice.deploy.preflight import (
    apis,
    domains,
    functions,
    handlers,
    names,
    parameters,
    permissions,
    policies,
    transforms,
)
from chalice.deploy.preflight.coming import Written, resources_of
from chalice.deploy.values import values_of
from chalice.diagnostics import InvalidApp, ordered
from chalice.resources import kinds
from chalice.resources.kinds import FUNCTION, ROLE
from chalice.template.handlers import problems_of_handlers
from chalice.template.references import problems_of_references
from chalice.template.roles import problems_of_roles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from chalice.deploy.preflight.coming import Coming
    from chalice.deploy.preflight.looking import Looking
    from chalice.deploy.templates import Placed, Wanted
    from chalice.diagnostics import Problem


def check(
    looking: Looking,
    placed: Placed,
    before: Mapping[str, Any],
    stack_name: str,
    *,
    wanted: Wanted | None = None,
    sandbox: bool = False,
    leaving: bool = False,
) -> tuple[Problem, ...]:
    """Return what deserves a look although it stops nothing.

    Args:
        looking: asks the account; only for what the template names, and has not named before.
        placed: the template that is to be deployed.
        before: the template that is deployed; empty where none is.
        stack_name: the name of the stack.
        wanted: what the template was made of; None where that is not known any more: then neither
            the package is looked at, nor where templates that were merged say what.
        sandbox: whether it is an AWS on this machine: what is missing there stops nothing.
        leaving: whether a stack of that name is being removed: what it has is there for now.

    Raises:
        InvalidApp: AWS would refuse it; with every problem, warnings included.
    """
    account = looking.account
    values = values_of(placed.document, stack_name, looking.caller.account, account.region)
    written = Written({}, (), values, placed.places)
    if wanted is not None:
        made = {item.logical_id: item for item in wanted.graph.resources}
        written = Written(made, wanted.merged, values)
    coming = tuple(resources_of(placed.document, before, written))
    found = [*parameters.without_value(placed.document, written)]
    graph = wanted.graph if wanted is not None else None
    found += problems_of_references(placed.document, written.merged, graph)
    if graph is not None and written.merged:
        found += problems_of_handlers(placed.document, written.merged, graph)
    if sandbox:
        found += transforms.not_in_the_sandbox(placed.document, written)
    found += _of_itself(coming, looking)
    found += permissions.not_allowed(placed.document, coming)
    known = {item.logical_id: {"Type": item.type, "Properties": item.properties} for item in coming}
    found += problems_of_roles(known, lambda name, key: written.where(name, [key]))
    if wanted is not None:
        found += _of_package(coming, wanted, stack_name)
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


def _of_itself(coming: Sequence[Coming], looking: Looking) -> Iterator[Problem]:
    for item in coming:
        if item.type == FUNCTION:
            yield from functions.of_itself(item, looking.today)
        yield from names.of_itself(item)
        yield from policies.of_itself(item)


def _of_package(coming: Sequence[Coming], wanted: Wanted, stack_name: str) -> Iterator[Problem]:
    key = archive_key(stack_name, wanted.code.sha256)
    packaged = [
        item
        for item in coming
        if item.type == FUNCTION and as_object(item.properties.get("Code")).get("S3Key") == key
    ]
    layer = wanted.layer.path if wanted.layer is not None else None
    yield from handlers.problems_of(packaged, wanted.code.path, layer)


def _in_account(
    coming: Sequence[Coming], wanted: Wanted | None, looking: Looking
) -> Iterator[Problem]:
    archives = (wanted.code, wanted.layer) if wanted is not None else ()
    own_bytes = sum(item.unzipped for item in archives if item is not None)
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
        if item.type == kinds.API:
            yield from apis.in_account(item, looking)


def _taken(coming: Sequence[Coming], looking: Looking) -> Iterator[Problem]:
    own = [str(item.properties.get("DomainName")) for item in coming if item.type == domains.DOMAIN]
    for item in coming:
        if item.type == domains.MAPPING:
            yield from domains.mapping_taken(item, looking, own)
        if item.type == domains.DOMAIN:
            yield from domains.taken(item, looking)
        yield from names.in_account(item, looking)
