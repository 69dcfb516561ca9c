"""Which resources an API can have: the parts of their paths, and what may stand beside what."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: What a part outside of braces may hold, as the inside of a class of a pattern.
#: Source: rule 3.14 (API Gateway developer guide, "Set up REST API methods", path parts).
CHARACTERS = r"A-Za-z0-9_\-.,:"

_PART = re.compile(rf"[{CHARACTERS}]+|\{{[{CHARACTERS}]+\+?\}}")

#: Source: rule 3.14 (API Gateway developer guide, "Amazon API Gateway important notes"): reserved
#: for the service's health check; at the root of an API with a custom domain they do not work.
RESERVED_PATHS = ("/ping", "/sping")


def is_part(part: str) -> bool:
    """Return whether *part* can be a part of a path (rule 3.14).

    >>> is_part("v1.0"), is_part("{id}"), is_part("{rest+}"), is_part("a{id}"), is_part("")
    (True, True, True, False, False)
    """
    return _PART.fullmatch(part) is not None


def is_greedy(path: str) -> bool:
    """Return whether the last part of *path* takes all that follows, as only that may (rule 3.13).

    >>> is_greedy("{rest+}"), is_greedy("/a/{rest+}"), is_greedy("/a/{id}")
    (True, True, False)
    """
    return path.endswith("+}")


@dataclass(frozen=True, slots=True)
class Clash:
    """Two variables at one position of the tree of resources.

    Attributes:
        position: the parts before, variables as `{}`.
        part: the variable that came later.
        first: the one that was there.
        first_path: the path that brought it.
    """

    position: str
    part: str
    first: str
    first_path: str


class Variables:
    """The variables of a tree of resources: each position has one at most (rule 3.13).

    >>> variables = Variables()
    >>> variables.add("/a/{id}/x")
    []
    >>> [clash.first for clash in variables.add("/a/{name}")]
    ['{id}']
    """

    def __init__(self) -> None:
        self._first: dict[str, tuple[str, str]] = {}

    def add(self, path: str) -> list[Clash]:
        """Take the variables of *path*, and return what they clash with."""
        clashes: list[Clash] = []
        position = ""
        for part in path.split("/")[1:]:
            if part[:1] != "{":
                position += f"/{part}"
                continue
            first, first_path = self._first.setdefault(position, (part, path))
            if first != part:
                clashes.append(Clash(position, part, first, first_path))
            position += "/{}"
        return clashes
