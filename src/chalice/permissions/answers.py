"""Warnings that policy files answer: the user has written what the code alone does not say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chalice import iam
from chalice.config.reader import as_object
from chalice.permissions.proving.documents import allows, policy_of
from chalice.permissions.told import Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from chalice.diagnostics import Problem

_ANYTHING = "*"
# Source: IAM user guide, "IAM and AWS STS condition context keys": the principal of the service.
_SERVICE = "iam:passedtoservice"


def left(
    problems: Iterable[Problem], documents: Sequence[Mapping[str, Any] | None]
) -> Iterator[Problem]:
    """Yield *problems* but for those to which each of *documents* has an answer.

    What an action is needed on is not known where it is told, so that any resource is an answer:
    the user knows which it is.

    Args:
        problems: of code.
        documents: the policy file of each role that it runs as; None for a role without one.
    """
    by_services: dict[tuple[str, ...], list[iam.Policy]] = {}
    for problem in problems:
        if not isinstance(problem, Told):
            yield problem
            continue
        policies = by_services.get(problem.services)
        if policies is None:
            policies = [policy_of(_on_anything(one or {}, problem), {}) for one in documents]
            by_services[problem.services] = policies
        answers = [
            all(allows(policy, action, _ANYTHING) for action in problem.actions)
            for policy in policies
        ]
        if not (problem.actions and answers and all(answers)):
            yield problem.plain()


def _on_anything(document: Mapping[str, Any], told: Told) -> dict[str, Any]:
    """Return *document* as if all that it allows were on everything, without conditions.

    What it allows for other services than those that are *told* of is left out. Of what it denies
    only that stays which it denies whatever the resource is.
    """
    found: list[dict[str, Any]] = []
    for statement in iam.statements(document):
        named = {key: value for key, value in statement.items() if key.endswith("Action")}
        if statement.get("Effect") == "Allow":
            if _is_for(statement, told.services):
                found.append({"Effect": "Allow", **named, "Resource": _ANYTHING})
        elif "Condition" not in statement and _ANYTHING in iam.listed(statement.get("Resource")):
            found.append({"Effect": "Deny", **named, "Resource": _ANYTHING})
    return iam.document_of(found)


def _is_for(statement: Mapping[str, Any], services: Sequence[str]) -> bool:
    """Return whether roles may be handed on to one of *services*, as far as conditions say."""
    for operator, keys in as_object(statement.get("Condition")).items():
        for key, values in as_object(keys).items():
            if key.lower() != _SERVICE or operator == "Null" or not services:
                continue
            is_named = any(_names(value, one) for value in iam.listed(values) for one in services)
            if is_named is ("Not" in operator):
                return False
    return True


def _names(value: object, service: str) -> bool:
    """Return whether *value* may be a principal of a service: `ecs-tasks.amazonaws.com` of `ecs`.

    An expression is taken for one.
    """
    if not isinstance(value, str):
        return True
    start, *more = re.split(r"[*?]", value.lower(), maxsplit=1)
    # Some have more before their name: `monitoring.rds.amazonaws.com`, whose role
    # `create_db_instance` hands on.
    if any(label.startswith(service) for label in start.split(".")):
        return True
    return bool(more) and service.startswith(start)
