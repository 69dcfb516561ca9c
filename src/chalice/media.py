"""Media types: which of them an API treats as binary, the one rule of all tools.

Only the runtime has its own, since it may import nothing of the tools.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def media_type(header: str) -> str:
    """Return the first media type of a Content-Type or Accept header, without its parameters.

    >>> media_type("Image/PNG;q=0.9, text/html")
    'image/png'
    """
    return header.split(",", 1)[0].partition(";")[0].strip().lower()


def is_media_type(text: str) -> bool:
    """Return whether *text* is one media type as definitions name it: lower case, bare.

    >>> is_media_type("image/png"), is_media_type("image/PNG"), is_media_type("text/html;q=1")
    (True, False, False)
    """
    return media_type(text) == text and "/" in text


class BinaryMediaTypes:
    """The entries of `binaryMediaTypes`.

    An entry matches a media type that is equal to it, whatever the entry's case; `type/*` matches
    every subtype, `*/*` everything, and `*/subtype` nothing (rules 1.26 and 2.15).

    >>> binary = BinaryMediaTypes(["image/*", "Application/PDF"])
    >>> "image/png" in binary, "application/pdf" in binary, "text/html" in binary
    (True, True, False)
    """

    def __init__(self, entries: Iterable[str]) -> None:
        lowered = [entry.strip().lower() for entry in entries]
        self.everything = "*/*" in lowered
        self._exact = frozenset(entry for entry in lowered if not entry.startswith("*"))
        self._prefixes = tuple(entry[:-1] for entry in self._exact if entry.endswith("/*"))

    def __contains__(self, wanted: str) -> bool:
        return self.everything or wanted in self._exact or wanted.startswith(self._prefixes)
