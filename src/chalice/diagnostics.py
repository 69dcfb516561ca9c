"""What a user is told when something of theirs has to change.

    ToolError           a user's mistake or a fault outside: shown without a traceback, exit 1
    └── InvalidApp      the project cannot be served or deployed as written; carries problems

A `Problem` is data: the console draws it, `--json` prints it, tests compare it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing the user can fix.

    Attributes:
        code: stable id for tests, docs and `--json`, for example `route-trailing-slash`.
        summary: what is wrong, values in backticks: "route `/a/` ends with `/`".
        where: `app.py:4`, relative to the project; empty where no file is to blame.
        hint: what to write instead: "write `/a`".
        severity: an `error` stops every command, a `warning` is shown and passed.
    """

    code: str
    summary: str
    where: str
    hint: str
    severity: str = "error"

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{place}{self.summary}{hint} [{self.code}]"

    def to_dict(self) -> dict[str, str]:
        """Return the problem as `--json` prints it."""
        return asdict(self)

    def visible(self) -> Problem:
        """Return the problem with all of its texts visible, each on one line."""
        return replace(
            self,
            summary=visible(self.summary),
            where=visible(self.where),
            hint=visible(self.hint),
        )


class ToolError(Exception):
    """A message for the user: the command failed, and the text says what to do."""


class InvalidApp(ToolError):
    """The application cannot be served or deployed as written.

    Attributes:
        problems: every problem that was found, in the order of file and line.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return *problems* in the order of file and line, without repeats."""

    def key(problem: Problem) -> tuple[str, int]:
        file, _, line = problem.where.rpartition(":")
        return (file, int(line)) if file and line.isdigit() else (problem.where, 0)

    return tuple(sorted(dict.fromkeys(problems), key=key))


def visible(text: str) -> str:
    r"""Return *text* on one line, with escapes in the place of what does not print.

    >>> print(visible("a\x1b[31m\nb"), visible("né"))
    a\x1b[31m\nb né
    """
    if text.isprintable():
        return text
    return "".join(mark if mark.isprintable() else repr(mark)[1:-1] for mark in text)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that *word* most likely stands for, or None if nothing is near.

    Capitals and small letters are the same, unless nothing else tells two known words apart.

    >>> nearest("lambda_memory", ["lambda_memory_size", "lambda_timeout"])
    'lambda_memory_size'
    >>> nearest("OP", ["op", "api_handler"])
    'op'
    >>> nearest("zzz", ["GET", "POST"]) is None
    True
    """
    from difflib import SequenceMatcher, get_close_matches  # noqa: PLC0415 - only a mistake pays

    spelt: dict[str, list[str]] = {}
    for item in known:
        spelt.setdefault(item.casefold(), []).append(item)
    found = get_close_matches(word.casefold(), spelt, n=1, cutoff=0.6)
    if not found:
        return None
    return max(spelt[found[0]], key=lambda item: SequenceMatcher(None, word, item).ratio())
