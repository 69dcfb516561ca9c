"""Tables of data, left out of a text before its tree is made: a tree takes very much more memory.

What is left out is what the reader would not look at in the tree either: entries that are
constants, in a literal of more than are known one by one. `*...` or `**...` stands for them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Entries of a literal that are known one by one; those of longer ones are known together, and
#: what is constant among them stands for anything: tables of data are not what clients are in.
MOST_ENTRIES = 500

# A comma and an entry are two characters at least.
_SHORTEST = 2 * MOST_ENTRIES

# Constants, brackets and commas. Possessive: a line that does not match fails at once.
_STRING = rb"""(?:[bBrRuU]{1,2}(?=["']))?(?:"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+')"""
_NUMBER = rb"\.?[0-9](?:[\w.])*+"
_PIECE = rb"(?:[ \t,:+()\[\]{}-]++|" + _STRING + rb"|" + _NUMBER + rb"|True|False|None|\#[^\n]*+)"
_LINES = re.compile(rb"^(?:" + _PIECE + rb"*+\r?\n)++", re.MULTILINE)
_MARK = re.compile(rb"[,:()\[\]{}]|" + _STRING + rb"|\#[^\n]*+")

_OPENING, _CLOSING = frozenset({b"(", b"[", b"{"}), frozenset({b")", b"]", b"}"})


@dataclass(slots=True)
class _Level:
    """What stands between two brackets: where its first and its last entry that is whole end."""

    start: int
    """Where entries that are whole begin; -1 while that is not known."""
    end: int = -1
    entries: int = 0
    has_keys: bool = False

    def add(self, position: int) -> None:
        """Take note of a comma that ends at *position*."""
        if self.start < 0:
            self.start = position
        else:
            self.entries += 1
        self.end = position

    @property
    def cut(self) -> tuple[int, int, bytes] | None:
        """What is left out, and what stands for it."""
        if self.entries <= MOST_ENTRIES:
            return None
        return self.start, self.end, b" **..., " if self.has_keys else b" *..., "


def without_tables(content: bytes) -> bytes:
    """Return *content* without the constants in its large tables; lines keep their numbers."""
    if len(content) < _SHORTEST:
        return content
    cuts = [cut for lines in _LINES.finditer(content) for cut in _cuts(content, *lines.span())]
    if not cuts:
        return content
    parts: list[bytes] = []
    done = 0
    for start, end, mark in sorted(cuts):
        if start >= done:
            parts += [content[done:start], mark, b"\n" * content.count(b"\n", start, end)]
            done = end
    return b"".join([*parts, content[done:]])


def _cuts(content: bytes, start: int, end: int) -> list[tuple[int, int, bytes]]:
    """Return what is left out of lines that are constants and brackets, and what stands for it."""
    if end - start < _SHORTEST:
        return []
    # Where the lines begin, the first entry may have begun before them.
    levels = [_Level(-1)]
    closed: list[_Level] = []
    for match in _MARK.finditer(content, start, end):
        mark = match.group()
        if mark == b",":
            levels[-1].add(match.end())
        elif mark == b":":
            levels[-1].has_keys = True
        elif mark in _OPENING:
            levels.append(_Level(match.end()))
        elif mark in _CLOSING:
            closed.append(levels.pop())
            levels = levels or [_Level(-1)]
    return [cut for level in (*closed, *levels) if (cut := level.cut) is not None]
