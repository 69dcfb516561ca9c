"""The patterns of `package.include` and `package.exclude`.

A pattern is a path from the project's folder, with `/` on every system. `*` stands for any part of
one name, `?` for a character of it, `[ab]` for one of those, `**` as a whole name for any number
of folders. A pattern that matches a folder matches all that is in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.diagnostics import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

CONFIG_FILE = ".chalice/config.json"

_ANY_FOLDERS = "**"
_MAGIC = re.compile(r"[*?\[]")
_MEMBER = re.compile(r".-.|.", re.DOTALL)
_PIECE = re.compile(r"\*+|\?|\[!?[^/][^\]/]*\]|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern, ready to match.

    Attributes:
        text: as it is written.
        base: the names that it begins with and that are no patterns: what it matches is below.
    """

    text: str
    base: str
    _regex: re.Pattern[str]

    def matches(self, path: str) -> bool:
        """Return whether *path*, or a folder that it is in, is what the pattern means.

        >>> [compiled(text).matches("a/b/c.txt") for text in ("a", "*/c.txt", "**/c.txt", "a/*/*")]
        [True, False, True, True]
        """
        return self._regex.fullmatch(path) is not None


def compiled(text: str) -> Pattern:
    """Return the pattern that *text* is; one that `problem` has nothing to say of."""
    names = text.removeprefix("./").rstrip("/").split("/")
    regex = "".join(
        _any_folders(last=name is names[-1])
        if name == _ANY_FOLDERS
        else _name(name) + ("" if place == len(names) - 1 else "/")
        for place, name in enumerate(names)
    )
    literal = next((place for place, name in enumerate(names) if _MAGIC.search(name)), len(names))
    return Pattern(text, "/".join(names[:literal]), re.compile(regex + "(?:/.*)?", re.DOTALL))


def problem(text: str, key: str) -> Problem | None:
    """Return what is wrong with *text* as a pattern of `package.KEY`, or None."""
    if "\\" in text:
        hint = f"write `{text.replace(chr(92), '/')}`"
    elif text.startswith("/") or re.match(r"[A-Za-z]:", text) or ".." in text.split("/"):
        hint = "write a path below the project's folder, as `data/*.json`"
    elif not text.removeprefix("./").strip("/"):
        hint = "write a path below the project's folder, or take it out"
    else:
        return None
    summary = f"`package.{key}` has `{text}`, which is no pattern of files of the project"
    return Problem("package-pattern", summary, CONFIG_FILE, hint)


def sorted_out(texts: Iterable[str], key: str) -> tuple[list[Pattern], list[Problem]]:
    """Return the patterns of `package.KEY`, and the problems of those that are none."""
    patterns: list[Pattern] = []
    problems: list[Problem] = []
    for text in dict.fromkeys(texts):
        if wrong := problem(text, key):
            problems.append(wrong)
        else:
            patterns.append(compiled(text))
    return patterns, problems


def _any_folders(*, last: bool) -> str:
    return ".+" if last else "(?:[^/]+/)*"


def _name(name: str) -> str:
    return "".join(map(_piece, _PIECE.findall(name)))


def _piece(piece: str) -> str:
    if piece[0] == "*":
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    if len(piece) > 2 and piece[0] == "[":
        negated = piece[1] == "!" and piece != "[!]"
        members = "".join(map(_member, _MEMBER.findall(piece[1 + negated : -1])))
        return f"(?![/])[{'^' if negated else ''}{members}]"
    return re.escape(piece)


def _member(member: str) -> str:
    """Return a character of a set, or a range of them; one that goes backwards is read forwards."""
    if len(member) == 1:
        return re.escape(member)
    first, last = sorted((member[0], member[2]))
    return f"{re.escape(first)}-{re.escape(last)}"
