"""What a proof is about and what comes of it: policies, denials, and what is spare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalice.permissions.policy import Statement, rendered, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalice.diagnostics import Problem

# So many resources of a kind are named one by one where a narrower statement is proposed.
_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Grants:
    """What functions may do that share a role.

    Attributes:
        role: what messages call it.
        functions: their names.
        statements: what their code was found to need.
        documents: policies that somebody wrote for them.
        file: where those are, as people know it.
        generated: whether the policy is written from the code.
        deployed: whether the role gets this policy; else it is somebody else's.
        lines: where the statements of the documents are, `file:line` of each; nothing where that
            is not known.
    """

    role: str
    functions: tuple[str, ...]
    statements: tuple[Statement, ...]
    documents: tuple[Mapping[str, Any], ...] = ()
    file: str = ""
    generated: bool = True
    deployed: bool = True
    lines: tuple[str, ...] = ()

    def where(self, statement: int) -> str:
        """Return the place of a statement of the documents, by its number from 1 on."""
        return self.lines[statement - 1] if self.lines else f"{self.file}, statement {statement}"


@dataclass(frozen=True, slots=True)
class Denial:
    """An action that a call needed and a policy does not allow.

    Attributes:
        action: the action.
        resource: its resource.
        where: the line of the project that called.
        role: whose policy it is.
        because: why it cannot be said, or `explicit deny`; empty where nothing allows it.
    """

    action: str
    resource: str
    where: str
    role: str
    because: str = ""

    def to_dict(self) -> dict[str, str]:
        """Return it as JSON has it."""
        return {
            "action": self.action,
            "resource": self.resource,
            "where": self.where,
            "role": self.role,
            "because": self.because,
        }


@dataclass(frozen=True, slots=True)
class Spare:
    """An action on a resource that a policy allows and no call has needed.

    Attributes:
        action: the action.
        resource: its resource.
        role: whose policy it is.
        places: the lines that need it, or the statement of a file.
    """

    action: str
    resource: str
    role: str
    places: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        """Return it as JSON has it."""
        return {
            "action": self.action,
            "resource": self.resource,
            "role": self.role,
            "places": list(self.places),
        }


@dataclass(frozen=True, slots=True)
class Wide:
    """An action that is allowed on everything, and what calls have touched.

    Attributes:
        actions: the actions.
        role: whose policy it is.
        touched: ARNs, with marks for pseudo parameters.
        places: the lines that need it, or the statement of a file.
    """

    actions: tuple[str, ...]
    role: str
    touched: tuple[str, ...]
    places: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        """Return it as JSON has it."""
        return {
            "actions": list(self.actions),
            "role": self.role,
            "places": list(self.places),
            "touched": list(map(shown, self.touched)),
            "statement": self.statement(),
        }

    def statement(self) -> dict[str, Any]:
        """Return the statement for what was touched, as CloudFormation takes it."""
        found = [rendered(item) for item in _patterns(self.touched)]
        return {
            "Effect": "Allow",
            "Action": list(self.actions),
            "Resource": found if len(found) > 1 else found[0],
        }


@dataclass(frozen=True, slots=True)
class Certificate:
    """What came of comparing calls with policies.

    Attributes:
        denied: what is not allowed, in the order of file and line.
        spare: what is allowed and was not needed, in the order of actions.
        wide: what is allowed on everything.
        calls: how many calls of the application were looked at.
        by_others: calls that no code that ships has made: the tests' own.
        of_others: calls of functions that were not asked about, or of nobody knows which.
        problems: operations for which no action is known.
        advice: what to do about what is denied.
        not_deployed: roles that are asked about as if Chalice made them, and it does not.
    """

    denied: tuple[Denial, ...]
    spare: tuple[Spare, ...]
    wide: tuple[Wide, ...]
    calls: int
    by_others: int
    of_others: int
    problems: tuple[Problem, ...]
    advice: tuple[str, ...] = ()
    not_deployed: tuple[str, ...] = ()

    @property
    def sufficient(self) -> bool:
        """Whether all that was called is allowed."""
        return not self.denied

    def to_dict(self) -> dict[str, object]:
        """Return it as JSON has it."""
        return {
            "sufficient": self.sufficient,
            "calls": self.calls,
            "calls_of_tests": self.by_others,
            "calls_of_other_functions": self.of_others,
            "denied": [item.to_dict() for item in self.denied],
            "spare": [item.to_dict() for item in self.spare],
            "wide": [item.to_dict() for item in self.wide],
            "problems": [item.to_dict() for item in self.problems],
            "advice": list(self.advice),
            "not_deployed": list(self.not_deployed),
        }


def _patterns(touched: Sequence[str]) -> list[str]:
    """Return *touched*, with one pattern for what there is much of: the objects of a bucket."""
    groups: dict[str, list[str]] = {}
    for item in touched:
        groups.setdefault(item.partition("/")[0], []).append(item)
    found: list[str] = []
    for head, items in groups.items():
        found += items if len(items) <= _MOST_NAMED else [f"{head}/*"]
    return sorted(found)
