"""Policy documents: how they are read, and what several of them say together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from chalice.iam import patterns, principals
from chalice.iam.conditions import Condition, first_true
from chalice.iam.errors import PolicyError, UndecidedError
from chalice.iam.patterns import Pattern, matches

if TYPE_CHECKING:
    from chalice.iam.principals import Principals
    from chalice.iam.question import Question

# Source: IAM user guide, "IAM JSON policy elements reference".
_DOCUMENT_KEYS = frozenset({"Version", "Id", "Statement"})
_STATEMENT_KEYS = frozenset(
    {
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    }
)
#: The current version, the first in which `${aws:username}` and its like are variables; before,
#: and where a document has none, they are plain text.
#: Source: IAM user guide, "IAM policy elements: Variables and tags"; "IAM JSON policy elements:
#: Version".
VERSION = "2012-10-17"
OLDER_VERSION = "2008-10-17"


class Verdict(Enum):
    """What the policies say about a question."""

    ALLOW = "allow"
    EXPLICIT_DENY = "explicit deny"
    IMPLICIT_DENY = "implicit deny"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict; *because* says what could not be evaluated, else it is empty."""

    verdict: Verdict
    because: str = ""


@dataclass(frozen=True, slots=True)
class _Statement:
    denies: bool
    actions: tuple[str, ...]
    actions_negated: bool
    resources: tuple[Pattern, ...]
    resources_negated: bool
    principals: Principals | None
    conditions: tuple[Condition, ...]

    def applies(self, question: Question) -> bool:
        """Whether the statement is about *question*; raises if nobody here can say."""
        action = question.action.lower()
        if any(matches(pattern, action) for pattern in self.actions) is self.actions_negated:
            return False
        unknown: UndecidedError | None = None
        for holds in self._tests():
            try:
                if not holds(question):
                    return False
            except UndecidedError as reason:
                unknown = unknown or reason
        if unknown is not None:
            raise unknown
        return True

    def _tests(self) -> Iterable[Callable[[Question], bool]]:
        yield self._covers_resource
        if self.principals is not None:
            yield self._covers_caller
        for condition in self.conditions:
            yield partial(_holds, condition)

    def _covers_resource(self, question: Question) -> bool:
        tests = (
            partial(pattern.matches, question.resource, question.context)
            for pattern in self.resources
        )
        return first_true(tests) is not self.resources_negated

    def _covers_caller(self, question: Question) -> bool:
        assert self.principals is not None  # noqa: S101 - asked only then
        return self.principals.cover(
            question.caller,
            allow=not self.denies,
            resource_account=question.resource_account,
        )


def _holds(condition: Condition, question: Question) -> bool:
    return condition.holds(question.context)


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy document that has been read; see `parse`."""

    statements: tuple[_Statement, ...]

    @property
    def longest_resource(self) -> int:
        """Characters of the longest resource pattern; 0 where there is none."""
        resources = (pattern for item in self.statements for pattern in item.resources)
        return max((len(pattern.text) for pattern in resources), default=0)


def parse(document: object, *, resource_based: bool) -> Policy:
    """Return the policy that *document*, JSON already read, stands for.

    Args:
        document: what a function or a file gave.
        resource_based: whether the policy hangs on the API, so that each statement must name its
            principals, or on a caller, so that none may.

    Raises:
        PolicyError: it is not such a policy, or holds an element that is unknown here.
    """
    policy = members(document)
    statements: object = policy["Statement"]
    items = cast("list[object]", statements) if isinstance(statements, list) else [statements]
    return Policy(
        tuple(
            statement_of(item, index, policy, resource_based=resource_based)
            for index, item in enumerate(items)
        )
    )


def members(document: object) -> Mapping[str, object]:
    """Return the members of *document*, a Statement among them.

    Raises:
        PolicyError: it has others than a policy's.
    """
    policy = _mapping(document, "the policy document")
    _known_only(policy, _DOCUMENT_KEYS, "the policy document")
    version = policy.get("Version")
    if version not in (None, OLDER_VERSION, VERSION):
        raise PolicyError(f"Version is `{version}`, which is neither {VERSION} nor {OLDER_VERSION}")
    if "Statement" not in policy:
        raise PolicyError("the policy document has no Statement")
    return policy


def statements(document: object) -> list[Mapping[str, Any]]:
    """Return the statements of *document*, of which IAM takes one without a list around it, too.

    Whatever is no statement, or no document, is left out: whether it is one is for `parse`.

    >>> statements({"Statement": {"Effect": "Allow"}}), statements({}), statements(None)
    ([{'Effect': 'Allow'}], [], [])
    """
    if not isinstance(document, Mapping):
        return []
    found = cast("Mapping[str, object]", document).get("Statement")
    listed = cast("list[object]", found) if isinstance(found, list) else [found]
    return [cast("Mapping[str, Any]", item) for item in listed if isinstance(item, Mapping)]


def listed(value: object) -> list[Any]:
    """Return what an element of a statement names, of which IAM takes one without a list, too.

    >>> listed("s3:GetObject"), listed([]), listed(None)
    (['s3:GetObject'], [], [])
    """
    if isinstance(value, list):
        return cast("list[object]", value)
    return [] if value is None else [value]


def document_of(statements: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the document of *statements*."""
    return {"Version": VERSION, "Statement": [dict(item) for item in statements]}


def statement_of(
    item: object, index: int, policy: Mapping[str, object], *, resource_based: bool
) -> _Statement:
    """Return what *item*, the statement at *index* of *policy*, stands for; raise as `parse`."""
    place = f"Statement {index}"
    statement = _mapping(item, place)
    _known_only(statement, _STATEMENT_KEYS, place)
    variables = policy.get("Version") == VERSION
    return _statement(statement, place, resource_based=resource_based, variables=variables)


def evaluate(policies: Iterable[Policy], question: Question) -> Decision:
    """Return what *policies*, taken together, say about *question*."""
    allowed = False
    undecided_deny = undecided_allow = ""
    for policy in policies:
        for statement in policy.statements:
            try:
                if not statement.applies(question):
                    continue
            except UndecidedError as reason:
                if statement.denies:
                    undecided_deny = undecided_deny or str(reason)
                else:
                    undecided_allow = undecided_allow or str(reason)
                continue
            if statement.denies:
                return Decision(Verdict.EXPLICIT_DENY)
            allowed = True
    if undecided_deny:
        return Decision(Verdict.UNDECIDED, undecided_deny)
    if allowed:
        return Decision(Verdict.ALLOW)
    if undecided_allow:
        return Decision(Verdict.UNDECIDED, undecided_allow)
    return Decision(Verdict.IMPLICIT_DENY)


def evaluate_both(
    identity: Iterable[Policy], resource: Iterable[Policy], question: Question
) -> Decision:
    """Return what holds where both the caller's policies and the resource's have to allow.

    So it is between accounts. Source: rule 4.29, table B.
    """
    decisions = (evaluate(identity, question), evaluate(resource, question))
    verdicts = [decision.verdict for decision in decisions]
    for verdict in (Verdict.EXPLICIT_DENY, Verdict.IMPLICIT_DENY, Verdict.UNDECIDED):
        if verdict in verdicts:
            return decisions[verdicts.index(verdict)]
    return Decision(Verdict.ALLOW)


# --- reading a document ----------------------------------------------------------------------


def _statement(
    statement: Mapping[str, object], place: str, *, resource_based: bool, variables: bool
) -> _Statement:
    effect = statement.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise PolicyError(f"Effect of {place} is `{effect}`, neither Allow nor Deny")
    actions, actions_negated = _either(statement, "Action", place)
    resources, resources_negated = _either(statement, "Resource", place)
    return _Statement(
        denies=effect == "Deny",
        actions=tuple(map(str.lower, actions)),
        actions_negated=actions_negated,
        resources=_read_all(resources, variables=variables),
        resources_negated=resources_negated,
        principals=_principals(statement, place, wanted=resource_based),
        conditions=tuple(_conditions(statement.get("Condition"), place, variables=variables)),
    )


def _principals(statement: Mapping[str, object], place: str, *, wanted: bool) -> Principals | None:
    """Return who the statement is about; None for the caller whose policy it is."""
    named = [key for key in ("Principal", "NotPrincipal") if key in statement]
    if not wanted:
        if named:
            raise PolicyError(f"{place} of a caller's policy has a {named[0]}")
        return None
    if len(named) != 1:
        raise PolicyError(f"{place} needs one of Principal and NotPrincipal")
    key = named[0]
    return principals.read(statement[key], f"{key} of {place}", negated=key == "NotPrincipal")


def _either(statement: Mapping[str, object], name: str, place: str) -> tuple[tuple[str, ...], bool]:
    """Return the texts of the element *name* or of its `Not` form, and whether it is that."""
    negated = f"Not{name}"
    if (name in statement) is (negated in statement):
        raise PolicyError(f"{place} needs one of {name} and {negated}")
    key = name if name in statement else negated
    texts = _strings(statement[key], f"{key} of {place}")
    if key == negated and not texts:
        # Taken by the letter it would match everything.
        raise PolicyError(f"{key} of {place} is empty")
    return texts, key == negated


def _conditions(value: object, place: str, *, variables: bool) -> Iterable[Condition]:
    if value is None:
        return
    for operator, keys in _mapping(value, f"Condition of {place}").items():
        for key, values in _mapping(keys, f"{operator} of {place}").items():
            texts = _strings(values, f"{operator} of {place}")
            yield Condition(operator, key, _read_all(texts, variables=variables))


def _read_all(texts: Iterable[str], *, variables: bool) -> tuple[Pattern, ...]:
    return tuple(patterns.read(text, variables=variables) for text in texts)


def _mapping(value: object, place: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise PolicyError(f"{place} is not an object")
    return cast("Mapping[str, object]", value)


def _known_only(value: Mapping[str, object], known: frozenset[str], place: str) -> None:
    for key in value:
        if key not in known:
            raise PolicyError(f"{place} has an unknown element `{key}`")


def _strings(value: object, place: str) -> tuple[str, ...]:
    items = cast("list[object]", value) if isinstance(value, list) else [value]
    texts: list[str] = []
    for item in items:
        if isinstance(item, bool):
            texts.append("true" if item else "false")
        elif isinstance(item, (str, int, float)):
            texts.append(str(item))
        else:
            raise PolicyError(f"{place} is neither a text nor a list of texts")
    return tuple(texts)
