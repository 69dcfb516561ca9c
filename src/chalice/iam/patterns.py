r"""Texts of a policy: wildcards and policy variables.

A text is read into tokens once. A token is one character, or `*` and `?` as wildcards; a star that
is meant as one is a token of two characters, `\*`, so that what a variable stands for can never
act as a wildcard.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.iam.errors import UndecidedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalice.iam.question import Context

# Source: IAM user guide, "IAM policy elements: Variables and tags": `${key}`, `${key, 'default'}`,
# and `${*}`, `${?}`, `${$}` for the characters themselves.
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_WITH_DEFAULT = re.compile(r"\s*([^,\s]+)\s*,\s*'([^']*)'\s*")
_CHARACTERS = ("*", "?", "$")


def matches(pattern: Sequence[str], value: str) -> bool:
    """Return whether *value* is what *pattern* says: `*` is any text, `?` any one character.

    The time is bounded by the product of the lengths, whatever the pattern.

    >>> matches("arn:*:GET/a?c*", "arn:aws:GET/abc/d"), matches("a*b", "abc")
    (True, False)
    """
    if isinstance(pattern, str) and "?" not in pattern:
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
        elif at < len(pattern) and (pattern[at] == "?" or pattern[at][-1] == value[position]):
            at, position = at + 1, position + 1
        elif star >= 0:
            mark += 1
            at, position = star + 1, mark
        else:
            return False
    return all(rest == "*" for rest in pattern[at:])


@dataclass(frozen=True, slots=True)
class Variable:
    """A policy variable: the condition key that it stands for, and what stands in for it."""

    key: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """One text of a policy.

    Attributes:
        text: as written.
        parts: texts, each token by token, and variables, in order; None where there is neither a
            variable nor an escape in the text, so that it is its own tokens.
    """

    text: str
    parts: tuple[tuple[str, ...] | Variable, ...] | None = None

    def tokens(self, context: Context) -> Sequence[str]:
        """Return the text with values in the place of variables.

        Raises:
            UndecidedError: the request has no value, or none that is known, for one of them.
        """
        if self.parts is None:
            return self.text
        found: list[str] = []
        for part in self.parts:
            found += _literal(_value(part, context)) if isinstance(part, Variable) else part
        return found

    def literal(self, context: Context) -> str:
        """Return the text with values in the place of variables; its wildcards are characters."""
        return "".join(token[-1] for token in self.tokens(context))

    def matches(self, value: str, context: Context) -> bool:
        """Return whether *value* is what the pattern says."""
        return matches(self.tokens(context), value)


def read(text: str, *, variables: bool) -> Pattern:
    """Return what *text* stands for; `${...}` is plain text unless there are *variables*."""
    if not variables or "${" not in text:
        return Pattern(text)
    parts: list[tuple[str, ...] | Variable] = []
    end = 0
    for found in _VARIABLE.finditer(text):
        parts.append(tuple(text[end : found.start()]))
        inner = found.group(1)
        parts.append(_literal(inner) if inner in _CHARACTERS else _variable(inner))
        end = found.end()
    parts.append(tuple(text[end:]))
    return Pattern(text, tuple(parts))


def _literal(text: str) -> tuple[str, ...]:
    return tuple(f"\\{mark}" if mark in "*?" else mark for mark in text)


def _variable(inner: str) -> Variable:
    found = _WITH_DEFAULT.fullmatch(inner)
    return Variable(found.group(1), found.group(2)) if found else Variable(inner.strip())


def _value(variable: Variable, context: Context) -> str:
    values = context.get(variable.key.lower())
    shown = f"the policy variable `${{{variable.key}}}`"
    if values is None:
        raise UndecidedError(shown)
    if not values and variable.default is not None:
        return variable.default
    if len(values) != 1:
        raise UndecidedError(f"{shown}, for which the request has {len(values)} values")
    return values[0]
