"""Conditions: operators, and how the values of a policy compare with those of a request.

An operator is one row of `_OPERATORS`: how a value of the policy compares with one of the request,
and whether it is a negation. `...IfExists` and the prefixes `ForAllValues:` and `ForAnyValue:` are
read off the name.

Source: IAM user guide, "IAM JSON policy elements: Condition operators" and "Single-valued vs.
multivalued context keys".
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from chalice.diagnostics import nearest
from chalice.iam.errors import UndecidedError
from chalice.iam.patterns import Pattern, matches

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalice.iam.question import Context


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator on one key.

    Attributes:
        operator: as written.
        key: as written.
        values: those of the policy.
    """

    operator: str
    key: str
    values: tuple[Pattern, ...]

    def holds(self, context: Context) -> bool:
        """Return whether the condition holds for a request with *context*.

        Raises:
            UndecidedError: it hangs on an operator, a key or a value that is not known here.
        """
        prefix, _, name = self.operator.rpartition(":")
        plain = name.removesuffix("IfExists")
        row = _OPERATORS.get(plain)
        if prefix not in _PREFIXES or (row is None and self.operator != "Null"):
            raise UndecidedError(f"the condition operator `{self.operator}`")
        found = context.get(self.key.lower())
        if found is None:
            raise UndecidedError(f"the condition key `{self.key}`")
        if row is None:
            absent = not found
            return first_true(partial(_is_boolean, value, absent) for value in self.values)
        if not found:
            # A negation holds for what is not there; so do IfExists and ForAllValues.
            return name != plain or prefix == "ForAllValues" or (row.negated and not prefix)
        each = [partial(self._value_holds, row, value, context) for value in found]
        if prefix == "ForAllValues" or (row.negated and not prefix):
            return not first_true(partial(_not, holds) for holds in each)
        return first_true(each)

    def _value_holds(self, row: _Operator, value: str, context: Context) -> bool:
        tests = (partial(row.compare, wanted, value, context) for wanted in self.values)
        return first_true(tests) is not row.negated


def first_true(tests: Iterable[Callable[[], bool]]) -> bool:
    """Return whether one of *tests* is true, whatever is not known of the others.

    Raises:
        UndecidedError: none is true that is known, and one is not known.
    """
    unknown: UndecidedError | None = None
    for test in tests:
        try:
            if test():
                return True
        except UndecidedError as reason:
            unknown = unknown or reason
    if unknown is not None:
        raise unknown
    return False


def _not(test: Callable[[], bool]) -> bool:
    return not test()


_PREFIXES = ("", "ForAllValues", "ForAnyValue")

_Compare = Callable[[Pattern, str, "Context"], bool]


@dataclass(frozen=True, slots=True)
class _Operator:
    compare: _Compare
    negated: bool = False
    read: Callable[[str], Any] | None = None
    what: str = ""


# --- texts, in which policy variables are allowed ----------------------------------------------


def _equal(wanted: Pattern, value: str, context: Context) -> bool:
    return wanted.literal(context) == value


def _equal_ignoring_case(wanted: Pattern, value: str, context: Context) -> bool:
    return wanted.literal(context).lower() == value.lower()


def _like(wanted: Pattern, value: str, context: Context) -> bool:
    return wanted.matches(value, context)


def _arn_like(wanted: Pattern, value: str, context: Context) -> bool:
    """Compare the six parts of an ARN one by one: a star does not cross a colon but in the last."""
    parts = _arn_parts(wanted.tokens(context))
    given = _arn_parts(value)
    if parts is None:
        raise UndecidedError(f"the ARN `{wanted.text}`")
    if given is None:
        raise UndecidedError(f"the ARN `{value}`")
    return all(matches(part, "".join(text)) for part, text in zip(parts, given, strict=True))


def _arn_parts(tokens: Iterable[str]) -> list[list[str]] | None:
    parts: list[list[str]] = [[]]
    for mark in tokens:
        if mark == ":" and len(parts) < 6:
            parts.append([])
        else:
            parts[-1].append(mark)
    return parts if len(parts) == 6 else None


# --- values that are read ----------------------------------------------------------------------


def _read(
    read: Callable[[str], Any], compare: Callable[[Any, Any], bool], what: str
) -> tuple[_Operator, _Operator]:
    """Return the operator that reads both values and compares them, and its negation."""

    def value(text: str) -> Any:
        try:
            return read(text)
        except (ValueError, ArithmeticError):
            raise UndecidedError(f"the {what} `{text}`") from None

    def holds(wanted: Pattern, given: str, context: Context) -> bool:
        del context  # Variables are for texts and ARNs.
        return compare(value(given), value(wanted.text))

    return (
        _Operator(holds, read=read, what=what),
        _Operator(holds, negated=True, read=read, what=what),
    )


_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")

# Source: IAM user guide, "Date condition operators": a W3C form of ISO 8601, or seconds.
_DATE = re.compile(
    r"[0-9]{4}(-[0-9]{2}(-[0-9]{2}"
    r"(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?)?)?"
)
_SECONDS = re.compile(r"[0-9]{5,15}(\.[0-9]+)?")
_FIRST_OF_YEAR = "0000-01-01"


def _number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


def _date(text: str) -> Decimal:
    if _SECONDS.fullmatch(text):
        return Decimal(text)
    if not _DATE.fullmatch(text):
        raise ValueError(text)
    found = datetime.fromisoformat(text + _FIRST_OF_YEAR[len(text) :])
    return Decimal(str(found.replace(tzinfo=found.tzinfo or UTC).timestamp()))


def _boolean(text: str) -> bool:
    lower = text.lower()
    if lower not in ("true", "false"):
        raise ValueError(text)
    return lower == "true"


def _is_boolean(wanted: Pattern, value: bool) -> bool:  # noqa: FBT001 - a value, not an option
    try:
        return _boolean(wanted.text) is value
    except ValueError:
        raise UndecidedError(f"the boolean `{wanted.text}`") from None


def _binary(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError(text) from None


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    network = ipaddress.ip_network(text, strict=False)
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    # A client of IPv4 that a socket of IPv6 has accepted.
    return ipaddress.ip_network(mapped) if mapped is not None and "/" not in text else network


def _in_network(address: Any, network: Any) -> bool:
    return address.version == network.version and bool(address.subnet_of(network))


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}


def _table() -> dict[str, _Operator]:
    table = {
        name: _Operator(compare, negated=negated)
        for names, compare in (
            (("StringEquals", "StringNotEquals"), _equal),
            (("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"), _equal_ignoring_case),
            (("StringLike", "StringNotLike"), _like),
            (("ArnEquals", "ArnNotEquals"), _arn_like),
            (("ArnLike", "ArnNotLike"), _arn_like),
        )
        for name, negated in zip(names, (False, True), strict=True)
    }
    table["IpAddress"], table["NotIpAddress"] = _read(_network, _in_network, "address")
    table["Bool"] = _read(_boolean, operator.eq, "boolean")[0]
    table["BinaryEquals"] = _read(_binary, operator.eq, "base64")[0]
    for family, read, what in (("Numeric", _number, "number"), ("Date", _date, "date")):
        table[f"{family}Equals"], table[f"{family}NotEquals"] = _read(read, operator.eq, what)
        for name, compare in _COMPARISONS.items():
            table[f"{family}{name}"] = _read(read, compare, what)[0]
    return table


#: By name; `Null` asks for the key alone and is not among them.
_OPERATORS = _table()


# --- what is wrong with a condition that somebody wrote -------------------------------------------


def operator_fault(written: str) -> tuple[str, str]:
    """Return why *written* is no operator, and what to write; two empty texts where it is one."""
    prefix, colon, name = written.rpartition(":")
    plain = name.removesuffix("IfExists")
    if prefix in _PREFIXES and (plain in _OPERATORS or written == "Null"):
        return "", ""
    near = nearest(plain, (*_OPERATORS, "Null"))
    near_prefix = prefix if prefix in _PREFIXES else nearest(prefix, _PREFIXES[1:])
    hint = "write an operator of IAM, `StringEquals`"
    if near is not None and near_prefix is not None:
        hint = f"write `{near_prefix}{colon}{near}{name[len(plain) :]}`"
    return f"there is no condition operator `{written}`", hint


def value_fault(condition: Condition) -> tuple[str, str]:
    """Return why the only value of *condition* cannot be read, and what to write, or nothing."""
    row = _OPERATORS.get(condition.operator.rpartition(":")[2].removesuffix("IfExists"))
    read, what = (row.read, row.what) if row is not None else (None, "")
    if condition.operator == "Null":
        read, what = _boolean, "boolean"
    text = condition.values[0].text
    if read is None:
        return "", ""
    try:
        read(text)
    except (ValueError, ArithmeticError):
        hint = f"write {_EXAMPLES[what]}"
        return f"`{condition.operator}` of `{condition.key}` is `{text}`, no {what}", hint
    return "", ""


_EXAMPLES = {
    "address": "an address or a range, `203.0.113.0/24`",
    "boolean": "`true` or `false`",
    "base64": "the bytes as base64, `QUJD`",
    "number": "a number, `12.5`",
    "date": "a date, `2026-01-31T12:00:00Z`, or seconds",
}
