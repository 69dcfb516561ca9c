"""Which of many texts with wildcards may stand for a given one, without asking each of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WILDCARD = re.compile(r"[*?]")


class Patterns:
    """Texts of which some have wildcards, `*` or `?`; programs and policies have thousands.

    A pattern covers what begins as it does up to its first wildcard, and ends as it does from its
    last one on.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_start: dict[str, dict[str, list[str]]] = {}
        for item in sorted(texts):
            start, *others = _WILDCARD.split(item)
            if others:
                ends = self._by_start.setdefault(start, {})
                ends.setdefault(others[-1], []).append(item)
        self._lengths = {
            start: sorted(set(map(len, ends))) for start, ends in self._by_start.items()
        }
        self._longest = max(map(len, self._by_start), default=-1)

    def near(self, text: str) -> Iterator[str]:
        """Yield the patterns that *text* begins and ends as; it may have wildcards itself.

        Whether they cover it is another question. A text without wildcards is no pattern.

        >>> list(Patterns(["a*", "a*z", "b?", "abc"]).near("abc"))
        ['a*']
        """
        for end in range(min(len(text), self._longest) + 1):
            ends = self._by_start.get(text[:end], {})
            for length in self._lengths.get(text[:end], ()):
                yield from ends.get(text[len(text) - length :], ())
