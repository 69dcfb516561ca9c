"""A quick look at what a module may import, without its syntax tree.

It may see too much, a line of a docstring for one, and decides only which files are worth the tree.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEYWORD = re.compile(rb"\bimport\b")
_FROM = re.compile(rb"(?:\A|[;:])[ \t\f]*from[ \t]+([.\w \t]*[.\w])[ \t\\\r\n]*\Z")
_PLAIN = re.compile(rb"(?:\A|[;:])[ \t\f]*\Z")
_REST = re.compile(rb"[ \t\\\r\n]*(\((?:[^)#]|#[^\n]*)*\)?|(?:[^\n\\;#]|\\\r?\n)*)")
_CALL = re.compile(
    rb"""(?:import_module|__import__)\(\s*["']([.\w]+)["'](?:\s*,\s*["']([.\w]+)["'])?"""
)
_COMMENT = re.compile(rb"#[^\n]*")
_WORD = re.compile(r"[\w.]+")
_FUNCTION = re.compile(rb"(?:async[ \t]+)?def\b")
_BLOCK = re.compile(rb"(?:if|elif|else|try|except|finally|with|for|while|class|match|case|async)\b")

Mention = tuple[str, tuple[str, ...]]


def mentions(source: bytes, package: str) -> set[Mention]:
    """Return the modules that *source* may import, each with the names that it may take from it.

    What is plainly inside a function is left out.

    Args:
        source: the text of a module.
        package: what its relative imports start from.
    """
    found: set[Mention] = set()
    for match in _KEYWORD.finditer(source):
        start = source.rfind(b"\n", 0, match.start()) + 1
        before = source[start : match.start()]
        if not before.strip() and source[: max(0, start - 1)].endswith(b"\\"):
            start = source.rfind(b"\n", 0, start - 1) + 1
            before = source[start : match.start()]
        taken = _FROM.search(before)
        if (taken or _PLAIN.search(before)) and not _deferred(source, start):
            rest = _REST.match(source, match.end())
            found.update(_mentioned(taken, rest[1] if rest else b"", package))
    if b"import_module" in source or b"__import__" in source:
        for match in _CALL.finditer(source):
            name, above = ((part or b"").decode("utf-8", "replace") for part in match.groups())
            if whole := absolute(name, above or package):
                found.add((whole, ()))
    return found


def _mentioned(taken: re.Match[bytes] | None, rest: bytes, package: str) -> Iterator[Mention]:
    """Yield what one statement imports; *rest* is what stands behind `import`."""
    if taken is None:
        for name in _taken(rest):
            yield name, ()
        return
    written = b"".join(taken[1].split()).decode("utf-8", "replace")
    if whole := absolute(written, package):
        yield whole, tuple(_taken(rest))


def _deferred(source: bytes, start: int) -> bool:
    """Whether the line that begins at *start* is in a function, as far as indentation tells."""
    depth = _depth(source[start : start + 200])
    while depth and start:
        end = start - 1
        start = source.rfind(b"\n", 0, end) + 1
        line = source[start:end]
        text = line.lstrip()
        if not text or text.startswith(b"#") or (here := _depth(line)) >= depth:
            continue
        if _FUNCTION.match(text):
            return True
        if text[:1] in b")]}":
            # The end of a head that is longer than a line: its beginning is as deep.
            depth = here + 1
        elif _BLOCK.match(text):
            depth = here
        else:
            return False
    return False


def _depth(line: bytes) -> int:
    """Return how far *line* is indented; a tab counts as one."""
    return len(line) - len(line.lstrip(b" \t"))


def _taken(clauses: bytes) -> Iterator[str]:
    for clause in _COMMENT.sub(b"", clauses).decode("utf-8", "replace").split(","):
        if words := _WORD.findall(clause):
            yield words[0]


def absolute(name: str, package: str) -> str:
    """Return the whole name of what is written as *name* in *package*; empty beyond the top."""
    rest = name.lstrip(".")
    dots = len(name) - len(rest)
    if not dots:
        return rest
    parts = package.split(".") if package else []
    if dots - 1 >= len(parts):
        return ""
    base = parts[: len(parts) - dots + 1]
    return ".".join([*base, rest] if rest else base)
