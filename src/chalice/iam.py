"""IAM policy documents and their evaluation, as far as one request to one API needs them.

    document --parse--> Policy --evaluate(policies, question)--> Decision

A Deny that applies wins, then an Allow that applies, else nothing allows. What cannot be evaluated
never lets anybody in: a document with an unknown element is refused by `parse`, and a statement
that hangs on an unknown operator, variable or condition key makes the decision `UNDECIDED`, with
the reason. An operator of conditions is one row of `_OPERATORS`.

Source of the rules: IAM user guide, "Policy evaluation logic" and "IAM JSON policy elements
reference"; for what API Gateway makes of them, rules 4.11 to 4.15 and 4.27 to 4.29.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import cast

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
_VERSIONS = (None, "2008-10-17", "2012-10-17")

# `${aws:username}` and its like are variables from this version on; before, they are plain text.
# Source: IAM user guide, "IAM policy elements: Variables and tags".
_VERSION_WITH_VARIABLES = "2012-10-17"


class PolicyError(Exception):
    """The document is not a policy; the text says which element and why."""


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
class Question:
    """May *principal* do *action* on *resource*?

    Attributes:
        action: `execute-api:Invoke`.
        resource: the ARN of the request.
        context: condition keys, lower case, with the request's values; `()` where the request is
            known to have none. A key that is missing is one that cannot be known here.
        principal: None for a caller that has not signed the request.
    """

    action: str
    resource: str
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    principal: str | None = None


class _UndecidedError(Exception):
    """A statement holds something that cannot be evaluated here."""


@dataclass(frozen=True, slots=True)
class _Patterns:
    """`Action`, `Resource` or their `Not` forms: which of them, and the patterns."""

    patterns: tuple[str, ...]
    negated: bool = False

    def covers(self, value: str) -> bool:
        return any(matches(pattern, value) for pattern in self.patterns) is not self.negated


@dataclass(frozen=True, slots=True)
class _Condition:
    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Statement:
    denies: bool
    actions: _Patterns
    resources: _Patterns
    principal: object
    conditions: tuple[_Condition, ...]
    variables: bool

    def applies(self, question: Question) -> bool:
        """Whether the statement is about *question*; raises if nobody here can say."""
        if not self.actions.covers(question.action.lower()):
            return False
        unknown: list[str] = []
        for holds in (self._resource, self._principal, *map(self._condition, self.conditions)):
            try:
                if not holds(question):
                    return False
            except _UndecidedError as reason:
                unknown.append(str(reason))
        if unknown:
            raise _UndecidedError(unknown[0])
        return True

    def _resource(self, question: Question) -> bool:
        if self.variables:
            _refuse_variables(self.resources.patterns)
        return self.resources.covers(question.resource)

    def _principal(self, question: Question) -> bool:
        if self.principal is None or _is_anybody(self.principal):
            return True
        if question.principal is None and not isinstance(self.principal, _NotPrincipal):
            return False
        raise _UndecidedError("a Principal other than `*`")

    def _condition(self, condition: _Condition) -> Callable[[Question], bool]:
        def holds(question: Question) -> bool:
            if self.variables:
                _refuse_variables(condition.values)
            return _condition_holds(condition, question.context)

        return holds


@dataclass(frozen=True, slots=True)
class _NotPrincipal:
    value: object


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy document that has been read; see `parse`."""

    statements: tuple[_Statement, ...]

    @property
    def longest_resource(self) -> int:
        """Characters of the longest resource pattern; 0 where there is none."""
        patterns = (text for item in self.statements for text in item.resources.patterns)
        return max(map(len, patterns), default=0)


def parse(document: object, *, resource_based: bool) -> Policy:
    """Return the policy that *document*, JSON already read, stands for.

    Args:
        document: what a function or a file gave.
        resource_based: whether the policy hangs on the API, so that each statement must name its
            principals, or on a caller, so that none may.

    Raises:
        PolicyError: it is not such a policy, or holds an element that is unknown here.
    """
    policy = _mapping(document, "the policy document")
    _known_only(policy, _DOCUMENT_KEYS, "the policy document")
    version = policy.get("Version")
    if version not in _VERSIONS:
        raise PolicyError(f"Version is `{version}`, which is neither 2012-10-17 nor 2008-10-17")
    if "Statement" not in policy:
        raise PolicyError("the policy document has no Statement")
    statements: object = policy["Statement"]
    items = cast("list[object]", statements) if isinstance(statements, list) else [statements]
    read: list[_Statement] = []
    for index, item in enumerate(items):
        place = f"Statement {index}"
        statement = _mapping(item, place)
        _known_only(statement, _STATEMENT_KEYS, place)
        principal = _principal(statement, place, wanted=resource_based)
        read.append(
            _statement(statement, principal, place, variables=version == _VERSION_WITH_VARIABLES)
        )
    return Policy(tuple(read))


def evaluate(policies: Iterable[Policy], question: Question) -> Decision:
    """Return what *policies*, taken together, say about *question*."""
    allowed = False
    undecided_deny = undecided_allow = ""
    for policy in policies:
        for statement in policy.statements:
            try:
                if not statement.applies(question):
                    continue
            except _UndecidedError as reason:
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


def matches(pattern: str, value: str) -> bool:
    """Return whether *value* is what *pattern* says: `*` is any text, `?` any one character.

    The time is bounded by the product of the lengths, whatever the pattern.

    >>> matches("arn:*:GET/a?c*", "arn:aws:GET/abc/d"), matches("a*b", "abc")
    (True, False)
    """
    if "?" not in pattern:
        if "*" not in pattern:
            return pattern == value
        if pattern.find("*") == len(pattern) - 1:
            return value.startswith(pattern[:-1])
    # Greedy scan: on a mismatch, the last `*` takes one character more.
    at = position = mark = 0
    star = -1
    while position < len(value):
        if at < len(pattern) and pattern[at] == "*":
            star, mark = at, position
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", value[position]):
            at, position = at + 1, position + 1
        elif star >= 0:
            mark += 1
            at, position = star + 1, mark
        else:
            return False
    return all(rest == "*" for rest in pattern[at:])


# --- reading a document ----------------------------------------------------------------------


def _statement(
    statement: Mapping[str, object], principal: object, place: str, *, variables: bool
) -> _Statement:
    effect = statement.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise PolicyError(f"Effect of {place} is `{effect}`, neither Allow nor Deny")
    actions = _patterns(statement, "Action", place)
    return _Statement(
        denies=effect == "Deny",
        actions=_Patterns(tuple(map(str.lower, actions.patterns)), actions.negated),
        resources=_patterns(statement, "Resource", place),
        principal=principal,
        conditions=tuple(_conditions(statement.get("Condition"), place)),
        variables=variables,
    )


def _principal(statement: Mapping[str, object], place: str, *, wanted: bool) -> object:
    """Return who the statement is about; None for the caller whose policy it is."""
    named = [key for key in ("Principal", "NotPrincipal") if key in statement]
    if not wanted:
        if named:
            raise PolicyError(f"{place} of a caller's policy has a {named[0]}")
        return None
    if len(named) != 1:
        raise PolicyError(f"{place} needs one of Principal and NotPrincipal")
    key = named[0]
    if not isinstance(statement[key], str | Mapping):
        raise PolicyError(f"{key} of {place} is neither `*` nor an object")
    return statement[key] if key == "Principal" else _NotPrincipal(statement[key])


def _patterns(statement: Mapping[str, object], name: str, place: str) -> _Patterns:
    negated = f"Not{name}"
    if (name in statement) is (negated in statement):
        raise PolicyError(f"{place} needs one of {name} and {negated}")
    key = name if name in statement else negated
    return _Patterns(_strings(statement[key], f"{key} of {place}"), key == negated)


def _conditions(value: object, place: str) -> Iterable[_Condition]:
    if value is None:
        return
    for operator, keys in _mapping(value, f"Condition of {place}").items():
        for key, values in _mapping(keys, f"{operator} of {place}").items():
            yield _Condition(operator, key, _strings(values, f"{operator} of {place}"))


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


def _is_anybody(principal: object) -> bool:
    """Whether *principal* is `"*"`, `{"AWS": "*"}` or `{"AWS": ["*"]}`."""
    if isinstance(principal, Mapping):
        principal = cast("Mapping[str, object]", principal).get("AWS")
    return principal in ("*", ["*"])


def _refuse_variables(values: Iterable[str]) -> None:
    for value in values:
        found = re.search(r"\$\{[^}]*\}", value)
        if found:
            raise _UndecidedError(f"the policy variable `{found.group()}`")


# --- conditions ------------------------------------------------------------------------------


def _in_network(network: str, address: str) -> bool:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        raise _UndecidedError(f"the address `{network}`") from None


def _equal(wanted: str, value: str) -> bool:
    return wanted == value


def _equal_ignoring_case(wanted: str, value: str) -> bool:
    return wanted.casefold() == value.casefold()


# Operator -> how one value of the policy compares with one value of the request, and whether the
# operator is a negation. `...IfExists` is read off the name.
# Source: IAM user guide, "IAM JSON policy elements: Condition operators".
_OPERATORS: dict[str, tuple[Callable[[str, str], bool], bool]] = {
    "StringEquals": (_equal, False),
    "StringNotEquals": (_equal, True),
    "StringEqualsIgnoreCase": (_equal_ignoring_case, False),
    "StringNotEqualsIgnoreCase": (_equal_ignoring_case, True),
    "StringLike": (matches, False),
    "StringNotLike": (matches, True),
    "Bool": (_equal_ignoring_case, False),
    "IpAddress": (_in_network, False),
    "NotIpAddress": (_in_network, True),
}


def _condition_holds(condition: _Condition, context: Mapping[str, tuple[str, ...]]) -> bool:
    name = condition.operator.removesuffix("IfExists")
    if name not in _OPERATORS:
        raise _UndecidedError(f"the condition operator `{condition.operator}`")
    compare, negated = _OPERATORS[name]
    found = context.get(condition.key.lower())
    if found is None:
        raise _UndecidedError(f"the condition key `{condition.key}`")
    if not found:
        return negated or name != condition.operator
    return any(compare(wanted, value) for wanted in condition.values for value in found) != negated
