"""The policy that a reading comes to: statements, each with the calls that need it."""

from __future__ import annotations

import ast
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalice.diagnostics import ordered
from chalice.iam import document_of, matches
from chalice.permissions.covering import Patterns
from chalice.permissions.granting.needs import needs
from chalice.permissions.reading.values import MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from chalice.diagnostics import Problem
    from chalice.permissions.granting.needs import Need
    from chalice.permissions.reading.engine import Engine
    from chalice.permissions.reading.reader import Reading
    from chalice.permissions.reading.values import Use

_LONGEST_EXPRESSION = 100


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of the policy, and why it is there.

    Attributes:
        actions: in alphabetical order.
        resources: ARNs, in alphabetical order, with marks for pseudo parameters.
        needs: what it is made of.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    needs: tuple[Need, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the statement as it is written into a template."""
        found = [rendered(item) for item in self.resources]
        return {
            "Effect": "Allow",
            "Action": list(self.actions),
            "Resource": found if len(found) > 1 else found[0],
        }


@dataclass(frozen=True, slots=True)
class Policy:
    """What the code of an application may do.

    Attributes:
        statements: in the order of their actions.
        problems: what could not be read or known, all of them warnings.
    """

    statements: tuple[Statement, ...]
    problems: tuple[Problem, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the document."""
        return document_of(item.to_dict() for item in self.statements)


def policy_of(*readings: Reading, program: Callable[[], Iterable[Reading]] | None = None) -> Policy:
    """Return the policy for everything that *readings* have found; variables may differ.

    Args:
        readings: of the code whose policy it is.
        program: returns those of all of the program, which may say what that code names; the same
            ones unless given. It may take its time: few programs are asked.
    """

    @functools.cache
    def others() -> list[tuple[Use, Engine]]:
        every = readings if program is None else program()
        return [(use, reading.engine) for reading in every for use in reading.uses]

    wanted: dict[Need, None] = {}
    problems: dict[Problem, None] = {}
    for reading in readings:
        problems.update(dict.fromkeys(reading.problems))
        for use in reading.uses:
            found, wrong = needs(use, reading.engine, others)
            wanted.update(dict.fromkeys(found))
            problems.update(dict.fromkeys(wrong))
    return Policy(tuple(_statements(list(wanted))), ordered(problems))


def rendered(resource: str) -> Any:
    r"""Return an ARN as CloudFormation takes it.

    >>> rendered("*"), rendered("arn:\x01AWS::Partition\x02:s3:::b")
    ('*', {'Fn::Sub': 'arn:${AWS::Partition}:s3:::b'})
    """
    # A name may look like a policy variable; `${$}` is the character. Source: IAM user guide, "IAM
    # policy elements: Variables and tags".
    resource = resource.replace("${", "${$}{")
    if not MARK.search(resource):
        return resource
    return {"Fn::Sub": shown(resource.replace("${", "${!"))}


def shown(resource: str) -> str:
    """Return an ARN as people read it: `arn:${AWS::Partition}:s3:::b`."""
    return MARK.sub(r"${\1}", resource)


@dataclass(frozen=True, slots=True)
class Reason:
    """A call that needs an action.

    Attributes:
        where: `app.py:12`.
        expression: the call, as it is written.
        resource: what it needs the action on, as people read it.
        note: why the resource is no more than that; may be empty.
    """

    where: str
    expression: str
    resource: str
    note: str


def reasons(statement: Statement) -> dict[str, list[Reason]]:
    """Return for each action of *statement* the calls that need it, in the order of the code."""
    found: dict[str, dict[Reason, None]] = {}
    for need in statement.needs:
        use = need.use
        reason = Reason(
            f"{use.path}:{use.node.lineno}", _expression(use.node), shown(need.resource), need.note
        )
        found.setdefault(need.action, {})[reason] = None
    return {action: list(why) for action, why in sorted(found.items())}


def _expression(node: ast.expr) -> str:
    try:
        text = " ".join(ast.unparse(node).split())
    except RecursionError:
        # What is called is short where what it is given is not.
        name = (
            node.func.attr
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            else ""
        )
        return f"....{name}(...)"
    return text if len(text) <= _LONGEST_EXPRESSION else f"{text[: _LONGEST_EXPRESSION - 3]}..."


def _statements(wanted: Sequence[Need]) -> Iterable[Statement]:
    by_action: dict[str, list[Need]] = {}
    for need in wanted:
        by_action.setdefault(need.action, []).append(need)
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for action, of_action in sorted(by_action.items()):
        resources = _widest({need.resource for need in of_action})
        groups.setdefault((action.partition(":")[0], resources), []).append(action)
    for (_, resources), actions in sorted(groups.items(), key=lambda item: item[1]):
        why = tuple(need for action in actions for need in by_action[action])
        yield Statement(tuple(actions), resources, why)


def _widest(resources: set[str]) -> tuple[str, ...]:
    """Return *resources* without those that another one covers."""
    patterns = Patterns(resources)

    def covered(one: str) -> bool:
        return any(other != one and matches(other, one) for other in patterns.near(one))

    return tuple(sorted(one for one in resources if not covered(one)))
