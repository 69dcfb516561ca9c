"""Texts of which a part is only known when the program runs: what they may be, how they are cut.

Nothing is decided by such a text as if what stands for the part were written in it: a dict that is
asked for the region gives what it has for each region.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from chalice.permissions.reading.values import (
    ACCOUNT,
    HOLE,
    MARK,
    PARTITION,
    REGION,
    Tuple,
    Value,
    is_whole,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Collection

# What CloudFormation puts in the place of a mark. Sources: CloudFormation user guide, "Pseudo
# parameters"; botocore, `endpoints.json`, the names and the `regionRegex` of partitions.
_OF_MARKS = {
    "AWS::AccountId": r"[0-9]{12}",
    "AWS::Partition": r"aws(?:-[a-z]+)*",
    "AWS::Region": r"[a-z]+(?:-[a-z]+)+-[0-9]+",
}
_UNKNOWN = re.compile(f"{HOLE}|{MARK.pattern}")


# --- what they may be --------------------------------------------------------------------------


@functools.lru_cache(maxsize=512)
def pattern(written: str, hole: str = ".*") -> re.Pattern[str]:
    """Return the pattern of the texts that *written* may be, *hole* for what is not known."""
    found: list[str] = []
    done = 0
    for match in _UNKNOWN.finditer(written):
        found += [re.escape(written[done : match.start()]), _OF_MARKS.get(match[1] or "", hole)]
        done = match.end()
    return re.compile("".join([*found, re.escape(written[done:])]), re.DOTALL)


def may_be(one: str, other: str) -> bool:
    """Return whether two texts may be the same one."""
    if one == other:
        return True
    if is_whole(one):
        return not is_whole(other) and pattern(other).fullmatch(one) is not None
    if is_whole(other):
        return pattern(one).fullmatch(other) is not None
    begins = _UNKNOWN.split(one)[0], _UNKNOWN.split(other)[0]
    ends = _UNKNOWN.split(one)[-1], _UNKNOWN.split(other)[-1]
    return _fit(*begins) and _fit(*(end[::-1] for end in ends))


def _fit(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def like(key: object, names: Collection[object]) -> list[str]:
    """Return which of *names* may be *key*; each where that may be any text."""
    found = [name for name in names if isinstance(name, str)]
    return [name for name in found if may_be(key, name)] if isinstance(key, str) else found


# --- how they are cut --------------------------------------------------------------------------

# Each mark is one character while the text around it is cut, and what of it a separator may be.
_CODES = {ACCOUNT: ("\x03", "[0-9]"), PARTITION: ("\x04", "[a-z-]"), REGION: ("\x05", "[a-z0-9-]")}
_CODE_OF_REGION, _ALWAYS_IN_REGION = _CODES[REGION][0], "-"


def _coded(owner: str) -> str:
    return MARK.sub(lambda mark: _CODES.get(mark[0], (HOLE,))[0], owner)


def _decoded(part: str) -> Value:
    for mark, (code, _) in _CODES.items():
        part = part.replace(code, mark)
    return text(part)


class _Cut:
    """Finds a separator in coded texts: surely, or somewhere in what is not known."""

    __slots__ = ("_open", "separator")

    def __init__(self, separator: str) -> None:
        self.separator = separator
        # What has none of its characters cannot have a part of it, either.
        opaque = [code for code, letters in _CODES.values() if re.search(letters, separator)]
        self._open = re.compile(f"[{HOLE}{''.join(opaque)}]")

    def first(self, owner: str) -> tuple[str, str, bool]:
        """Return what is before and after the first separator, and whether that is just there."""
        hole = self._open.search(owner)
        at = owner.find(self.separator)
        if hole is None or 0 <= at < hole.start():
            before, _, after = owner.partition(self.separator)
            return before, after, True
        is_one = len(self.separator) == 1
        end = self.end(owner)
        if self.separator in end:
            end = end.partition(self.separator)[2]
        elif not is_one or not self.is_in(owner):
            end = ""
        return (owner[: hole.start()] if is_one else "") + HOLE, HOLE + end, False

    def is_in(self, owner: str) -> bool:
        """Return whether *owner* certainly has the separator."""
        is_of_region = self.separator == _ALWAYS_IN_REGION and _CODE_OF_REGION in owner
        return is_of_region or self.separator in owner

    def may_be_in(self, owner: str) -> bool:
        """Return whether *owner* may have the separator."""
        return self.separator in owner or self._open.search(owner) is not None

    def end(self, owner: str) -> str:
        """Return what comes after all that is not known."""
        return self._open.split(owner)[-1]


def split(owner: str, separator: str, limit: int = -1) -> Value:
    """Return the parts of *owner*: what is not known may have any number of separators."""
    cut, coded = _Cut(separator), _coded(owner)
    parts, is_all = _pieces(cut, coded, limit)
    begins = tuple(map(_decoded, parts))
    if is_all:
        return frozenset([Tuple(begins)])
    ends = cut.end(coded).split(separator)[1:] if limit < 0 else []
    return frozenset([Tuple(begins, text(HOLE), tuple(map(_decoded, ends)))])


def rsplit(owner: str, separator: str, limit: int = -1) -> Value:
    """Return the parts of *owner* where the last of them are cut off first."""
    if limit < 0:
        return split(owner, separator)
    parts, is_all = _pieces(_Cut(separator[::-1]), _coded(owner)[::-1], limit)
    known = tuple(_decoded(part[::-1]) for part in reversed(parts))
    return frozenset([Tuple(known) if is_all else Tuple((), text(HOLE), known)])


def _pieces(cut: _Cut, rest: str, limit: int) -> tuple[list[str], bool]:
    """Return the first parts of *rest*, and whether they are all: else, any number may follow."""
    parts: list[str] = []
    while limit and cut.may_be_in(rest):
        before, after, is_just_there = cut.first(rest)
        parts.append(before)
        if not is_just_there and (limit != 1 or not cut.is_in(rest)):
            return parts, False
        rest = after
        limit -= 1
    return [*parts, rest], True


def partition(owner: str, separator: str) -> Value:
    """Return what is before *owner*'s first separator, that, and what is after it."""
    coded = _coded(owner)
    return frozenset([Tuple(_three(_Cut(separator), coded, slice(None)))])


def rpartition(owner: str, separator: str) -> Value:
    """Return what is before *owner*'s last separator, that, and what is after it."""
    cut, coded = _Cut(separator[::-1]), _coded(owner)[::-1]
    return frozenset([Tuple(_three(cut, coded, slice(None, None, -1))[::-1])])


def _three(cut: _Cut, coded: str, order: slice) -> tuple[Value, ...]:
    before, after, _ = cut.first(coded)
    between: Value = text(cut.separator[order]) if cut.is_in(coded) else text("")
    if not cut.is_in(coded) and cut.may_be_in(coded):
        between |= text(cut.separator[order])
    return _decoded(before[order]), between, _decoded(after[order])
