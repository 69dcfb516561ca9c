"""From calls of operations to what they need: actions of IAM, each with its resources."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalice.diagnostics import Problem
from chalice.iam.arns import fault_of_resource
from chalice.permissions import table
from chalice.permissions.granting import actions, arns, places, s3
from chalice.permissions.granting.besides.dependent import dependent
from chalice.permissions.granting.given import call_of, nobody
from chalice.permissions.granting.resources import by_service
from chalice.permissions.lists import lines
from chalice.permissions.reading import services
from chalice.permissions.reading.values import HOLE, MARK, UNKNOWN, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chalice.permissions.granting.actions import Action
    from chalice.permissions.granting.given import Call, Granted, Others
    from chalice.permissions.reading.engine import Engine
    from chalice.permissions.reading.values import Use

#: Why an action is granted on everything.
NO_RESOURCE = "the action takes no resource"
NOT_KNOWN = "which resource is only known when it runs"
NOT_NAMED = "what the call gives names no resource"

# What no resource may have. Source: see `fault_of_resource`; marks stay.
_NOT_TAKEN = re.compile("[^\x01\x02\t\n\r\x20-\xff]+")
# Types of resource that no parameter names. Sources: AWS's service reference, where nearly every
# action of metrics has this one; botocore's model, where none takes it.
_UNNAMED = {"cloudwatch": frozenset({"dataset"})}


@dataclass(frozen=True, slots=True)
class Need:
    """One action on one resource, for one call.

    Attributes:
        action: with its prefix: `s3:GetObject`.
        resource: an ARN, or `*`.
        use: the call.
        note: why the resource is `*`; empty where it is not.
    """

    action: str
    resource: str
    use: Use
    note: str = ""


def needs(use: Use, engine: Engine, others: Others = nobody) -> tuple[list[Need], list[Problem]]:
    """Return what *use*, one of *others*, needs, and what of that is not known."""
    call = call_of(use, engine, others)
    own_actions, problem = _actions(call)
    granted = s3.granted(call, own_actions) if use.service == "s3" else _granted(call, own_actions)
    found = [need for item in granted for need in _on(use, *item)]
    if use.service == "dynamodb" and use.operation in _TOGETHER:
        found = list(_together(call))
    besides, told = dependent(call)
    found += [need for item in besides for need in _on(use, *item)]
    problems = [problem] if problem is not None else []
    problems += told
    if any(need.note == NOT_KNOWN for need in found):
        misnamed = list(_misnamed(call))
        problems += misnamed
        if misnamed or not _may_name(call):
            found = [_without_name(need) for need in found]
    return list(dict.fromkeys(_taken(need, problems) for need in found)), problems


#: Parameters that are called ARNs and may be names or ids, too. Source: botocore's models,
#: "documentation" of each ("The name or ARN of the secret").
_OR_NAMES = frozenset(
    {
        ("bedrock-agentcore", "agentRuntimeArn"),
        ("cloudtrail-data", "channelArn"),
        ("rds-data", "secretArn"),
        ("redshift-data", "SecretArn"),
        ("servicecatalog", "PrincipalARN"),
    }
)


def _misnamed(call: Call) -> Iterator[Problem]:
    """Yield parameters that are known and cannot be what their names say: ARNs, URLs of queues."""
    for name in call.params:
        is_arn = arns.is_of_resource(name)
        if (call.use.service, name) in _OR_NAMES:
            continue
        begin, what = ("arn:", "no ARN") if is_arn else ("http", "no URL of a queue")
        if not is_arn and name != "QueueUrl":
            continue
        for text in call.given(name):
            # What begins with a part that is not known may be one.
            if text and not text.startswith((begin, HOLE)) and not MARK.match(text):
                shown = MARK.sub(r"${\1}", text).replace(HOLE, "*")
                said = f"`{name}` is `{shown}`, {what}: what is asked is granted on everything"
                yield _of_form(call.use, said)


def _of_form(use: Use, summary: str) -> Problem:
    where = f"{use.path}:{use.node.lineno}"
    hint = "correct it, or write the statement into a policy file of your own"
    return Problem("policy-resource-form", summary, where, hint, severity="warning")


def _may_name(call: Call) -> bool:
    """Return whether anything that may name a resource is given, and not known."""
    named = _naming(call.use.service).get(call.use.operation)
    for place in named or ():
        if UNKNOWN in call.params.get(place, ()):
            return True
    return named is None or any(
        found.is_possible or any(HOLE in text for text in found.texts)
        for found in (places.at(call, place) for place in named)
    )


@functools.cache
def _naming(service: str) -> Mapping[str, list[str]]:
    """Return the places that rules read, by operation: those of which a recorder keeps texts.

    Of a place with `?` it only keeps whether it is given, and with `~` an ARN.
    """
    found: dict[str, list[str]] = {}
    for line in filter(None, lines("recorded").get(service, "").split(",")):
        operation, *of_operation = line.split()
        found[operation] = [item.rstrip("~") for item in of_operation if not item.endswith("?")]
    return found


def _without_name(need: Need) -> Need:
    return replace(need, note=NOT_NAMED) if need.note == NOT_KNOWN else need


def _taken(need: Need, problems: list[Problem]) -> Need:
    """Return *need* on a resource that IAM takes: else on everything, which is told."""
    resource, as_written, why = _written(need.resource)
    if why:
        summary = f"`{as_written}`, {why}, is not granted: `{need.action}` is, on everything"
        problem = _of_form(need.use, summary)
        problems += [] if problem in problems else [problem]
        return replace(need, resource="*", note=NOT_NAMED)
    return need if resource == need.resource else replace(need, resource=resource)


# Many calls are about few resources.
@functools.lru_cache(maxsize=1024)
def _written(resource: str) -> tuple[str, str, str]:
    """Return *resource* with what IAM takes alone, as it is shown, and why it is not taken."""
    taken = _NOT_TAKEN.sub("*", resource)
    as_written = MARK.sub(r"${\1}", taken)
    return taken, as_written, fault_of_resource(as_written)


def _granted(call: Call, own: Sequence[Action]) -> Iterator[Granted]:
    for prefix, name in own:
        yield prefix, name, by_service.resources(call, prefix, name)


def _on(use: Use, prefix: str, action: str, resources: list[str]) -> Iterator[Need]:
    """Yield the need of *action* on each of *resources*, or on everything."""
    types = (services.actions_of(prefix) or {}).get(action.lower())
    whole = f"{prefix}:{action}"
    nameless = types is not None and types <= _UNNAMED.get(prefix, frozenset())
    if nameless and prefix != "apigateway":
        yield Need(whole, "*", use, NO_RESOURCE)
    elif not resources or "*" in resources:
        yield Need(whole, "*", use, NOT_KNOWN)
    else:
        for resource in resources:
            yield Need(whole, resource, use)


def _actions(call: Call) -> tuple[tuple[Action, ...], Problem | None]:
    """Return the actions of a call, and what is wrong if they are a guess."""
    use = call.use
    service = call.engine.services.get(use.service)
    if service is not None:
        found, is_likely = actions.asked(service, use.operation)
    else:
        found, is_likely = ((table.PREFIXES.get(use.service, use.service), use.operation),), True
    if not is_likely:
        return found, None
    where = f"{use.path}:{use.node.lineno}"
    summary = f"no action is known for `{use.operation}` of `{use.service}`"
    hint = f"`{':'.join(found[0])}` is granted; if that is no action, write the right one yourself"
    return found, Problem("policy-action-unknown", summary, where, hint, severity="warning")


# --- DynamoDB's operations that stand for several ----------------------------------------------

_TOGETHER = frozenset(
    {
        "BatchExecuteStatement",
        "ExecuteStatement",
        "ExecuteTransaction",
        "TransactGetItems",
        "TransactWriteItems",
    }
)


def _together(call: Call) -> Iterator[Need]:
    if call.use.operation.startswith("Transact"):
        yield from _transacted(call)
        return
    statements = call.given("Statement")
    for name in ("Statements", "TransactStatements"):
        for item in call.items(call.params.get(name, frozenset())):
            inner = dict(call.entries(item))
            statements += texts(inner.get("Statement", frozenset())) or [HOLE]
    for statement in statements or [HOLE]:
        yield from _partiql(call, _CONDITION.sub("", statement))


# Source: DynamoDB developer guide, "Performing transactions with PartiQL": `EXISTS(SELECT ...)`.
_CONDITION = re.compile(r"\s*EXISTS\s*\(\s*", re.IGNORECASE)


def _transacted(call: Call) -> Iterator[Need]:
    reads = call.use.operation == "TransactGetItems"
    every = {"Get"} if reads else set(table.TRANSACTED) - {"Get"}
    found = False
    for item in call.items(call.params.get("TransactItems", frozenset())):
        for kind, inner in call.entries(item):
            found = True
            names = texts(dict(call.entries(inner)).get("TableName", frozenset())) or [HOLE]
            for one in [kind] if kind in every else sorted(every):
                tables = [arns.table_arn(call, name) for name in names]
                yield from _on(call.use, "dynamodb", table.TRANSACTED[one], tables)
    if not found:
        for kind in sorted(every):
            yield from _on(call.use, "dynamodb", table.TRANSACTED[kind], [])


# A table and an index, each in quotes or as they are. Source: DynamoDB developer guide, "PartiQL
# select statements for DynamoDB": `FROM table.index`; names may have dots in quotes.
_PART = r"""(?:["']([^"']+)["']|([^\s"'.;]+))"""
_TABLE = rf"{_PART}(?:\.{_PART})?"


def _partiql(call: Call, statement: str) -> Iterator[Need]:
    first = statement.split(maxsplit=1)[0].upper() if statement.strip() else ""
    actions = [table.PARTIQL[first]] if first in table.PARTIQL else list(table.PARTIQL.values())
    after = {"SELECT": "FROM", "INSERT": "INTO", "DELETE": "FROM", "UPDATE": "UPDATE"}.get(first)
    named = re.search(rf"\b{after}\s+{_TABLE}", statement, re.IGNORECASE) if after else None
    parts = [part for part in named.groups() if part] if named is not None else [HOLE]
    arn = arns.table_arn(call, parts[0])
    if len(parts) > 1 and arn != "*":
        arn = f"{arn}/index/{parts[1]}".replace(HOLE, "*")
    for action in actions:
        yield from _on(call.use, "dynamodb", action, [arn])
