"""Patterns of an API, matched against what anybody may send: within a time, or not at all.

Python's own `re` cannot be interrupted. A text that is made for a pattern such as `^(a|aa)+$` would
keep it busy for longer than anybody waits, and with it the process that serves all requests.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from time import thread_time
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from collections.abc import Generator

#: How long all patterns together may be matched for one request, in seconds of the processor. What
#: API Gateway allows is not known.
WITHIN_SECONDS = 0.1

# What Python's patterns have and those of a schema, ECMA 262, do not.
_ONLY_PYTHON = re.compile(r"\\[AZ]|\(\?(?![:=!])")

# One character or escape; named are those that may have to be written in another way, of which a
# brace that begins a count is none.
_PIECE = re.compile(r"\\.|(?P<mark>[\[\]$]|\{(?!\d*,?\d*\}))|.", re.DOTALL)

# How many texts a pattern is tried with, and their length: 2 to the power of it is out of reach.
_MAX_PROBES, _PROBE_LENGTH = 16, 64

_until: ContextVar[float] = ContextVar("until")


class OutOfTimeError(Exception):
    """A pattern was not matched in time: whether it would match is not known.

    Attributes:
        told: what happened, for messages.
    """

    def __init__(self, pattern: str) -> None:
        self.told = f"the pattern `{pattern}` was not matched within {WITHIN_SECONDS} s"
        super().__init__(self.told)


@contextmanager
def one_request() -> Generator[None]:
    """Let all matches inside share the time that one request has."""
    token = _until.set(thread_time() + WITHIN_SECONDS)
    try:
        yield
    finally:
        _until.reset(token)


class Pattern:
    """A pattern that is matched within a time; `python` and `ecma` read one."""

    __slots__ = ("_regex", "text")

    def __init__(self, text: str, compiled: regex.Pattern[str]) -> None:
        self.text = text
        self._regex = compiled

    def search(self, text: str) -> bool:
        """Return whether the pattern matches somewhere in *text*.

        Raises:
            OutOfTimeError: the time is over before that is known.
        """
        try:
            return self._regex.search(text, timeout=_seconds()) is not None
        except TimeoutError:
            raise OutOfTimeError(self.text) from None

    def fullmatch(self, text: str) -> bool:
        """Return whether the pattern matches the whole of *text*.

        Raises:
            OutOfTimeError: the time is over before that is known.
        """
        try:
            return self._regex.fullmatch(text, timeout=_seconds()) is not None
        except TimeoutError:
            raise OutOfTimeError(self.text) from None


def slow_text(pattern: Pattern, *, whole: bool = False) -> str | None:
    """Return a text on which *pattern* runs out of time, as a *whole* or not; None for none.

    Texts of one character that is repeated, and then another one, show most patterns that take
    exponential time.

    >>> slow_text(ecma("^(a|aa)+$"))[:3], slow_text(ecma("^(a|b)+$"))
    ('aaa', None)
    """
    letters = dict.fromkeys(letter for letter in pattern.text if letter.isalnum())
    for letter in [*letters, "a", "0", " ", "-"][:_MAX_PROBES]:
        text = f"{letter * _PROBE_LENGTH}\0"
        try:
            (pattern.fullmatch if whole else pattern.search)(text)
        except OutOfTimeError:
            return text[:-1]
    return None


def _seconds() -> float:
    """Return how long a match may take; only inside `one_request` there is a sum of them."""
    until = _until.get(None)
    seconds = WITHIN_SECONDS if until is None else until - thread_time()
    if seconds <= 0:
        raise TimeoutError
    return seconds


def python(text: str) -> Pattern:
    """Read a pattern as Python writes it.

    >>> python("a{2}").fullmatch("aa")
    True

    Raises:
        ValueError: it is none.
    """
    return _read(text, _spelt(text), 0)


def ecma(text: str) -> Pattern:
    r"""Read a pattern of ECMA 262, if Python has it, too: `$` is not before a last `\n`.

    >>> ecma("^[$]$").search("$"), ecma("^a$").search("a\n")
    (True, False)

    Raises:
        ValueError: it is none, or Python has it not.
    """
    if _ONLY_PYTHON.search(text):
        raise ValueError("it is of another language")
    return _read(text, _spelt(text, end=r"\Z"), re.ASCII)


def _read(text: str, spelt: str, flags: int) -> Pattern:
    # `regex` knows more than a pattern may use, and reads the rest as Python's own does.
    try:
        re.compile(spelt, flags)
        ascii_only = regex.ASCII if flags & re.ASCII else 0
        return Pattern(text, regex.compile(spelt, regex.VERSION0 | ascii_only))
    except (re.error, regex.error, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from None


def _spelt(pattern: str, end: str = "$") -> str:
    r"""Return *pattern* without what `regex` reads otherwise than Python, and with another `$`.

    In `regex`, `a{e}` is not the text that it is, and `[[` begins a set inside a set.

    >>> print(_spelt(r"^a\$[[$]a{e}{2}$", end=r"\Z"))
    ^a\$[\[$]a\{e}{2}\Z
    """
    written: list[str] = []
    in_class = False
    for found in _PIECE.finditer(pattern):
        match found["mark"]:
            case "[" | "{" as mark if in_class or mark == "{":
                written.append(f"\\{mark}")
            case "$" if not in_class:
                written.append(end)
            case mark:
                written.append(found[0])
                in_class = mark == "[" or (in_class and mark != "]")
    return "".join(written)
