"""Warnings that policy files answer: the user has written what the code alone does not say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice import iam
from chalice.permissions.proving.documents import allows, policy_of
from chalice.permissions.told import Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from chalice.diagnostics import Problem

_ANYTHING = "*"


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
    policies: list[iam.Policy] | None = None
    for problem in problems:
        if not isinstance(problem, Told):
            yield problem
            continue
        if policies is None:
            policies = [policy_of(_on_anything(one or {}), {}) for one in documents]
        answers = [
            all(allows(policy, action, _ANYTHING) for action in problem.actions)
            for policy in policies
        ]
        if not (problem.actions and answers and all(answers)):
            yield problem.plain()


def _on_anything(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return *document* as if all that it allows were on everything, without conditions.

    Of what it denies only that stays which it denies whatever the resource is.
    """
    found: list[dict[str, Any]] = []
    for statement in iam.statements(document):
        named = {key: value for key, value in statement.items() if key.endswith("Action")}
        if statement.get("Effect") == "Allow":
            found.append({"Effect": "Allow", **named, "Resource": _ANYTHING})
        elif "Condition" not in statement and _ANYTHING in iam.listed(statement.get("Resource")):
            found.append({"Effect": "Deny", **named, "Resource": _ANYTHING})
    return iam.document_of(found)
