"""Variables in requirements files, `${NAME}`.

Source: pip documentation, "Requirements File Format", "Using environment variables": uppercase
letters, digits and underscores; anywhere in a line; one that is empty is not set.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
_REMOTE = re.compile(r"(?<![A-Za-z0-9+.-])(?!(?:git\+)?file:)[A-Za-z][A-Za-z0-9+.-]*://")


def used(line: str) -> tuple[str, ...]:
    """Return the names of the variables in *line*, each once."""
    return tuple(dict.fromkeys(_VARIABLE.findall(line)))


def replaced(text: str, environ: Mapping[str, str]) -> str:
    """Return *text* with its variables replaced; those that are not set stay.

    >>> replaced("idna==${VERSION}", {"VERSION": "3.10"})
    'idna==3.10'
    """
    return _VARIABLE.sub(lambda found: environ.get(found[1]) or found[0], text)


def replaced_in_line(line: str, environ: Mapping[str, str]) -> str:
    """Return *line* as it is read.

    Where an address of another machine comes out, it stays as it is written: passwords stand in
    such variables, and whoever asks that machine replaces them.
    """
    meant = replaced(line, environ)
    return line if _REMOTE.search(meant) else meant
