"""Resource paths: their shape, and the tree that they make.

A path is `/` or segments after slashes. A segment is text, a capture `{name}`, or at the end a
greedy capture `{name+}`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from keyword import iskeyword
from typing import TYPE_CHECKING

from chalice.rules.paths import CHARACTERS, Variables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# What a segment outside of braces may not hold.
_REFUSED = re.compile(rf"[^{CHARACTERS}/{{}}]")
_CAPTURE = re.compile(r"\{([^{}]*?)(\+?)\}")

# What other frameworks write for a capture: `<name>`, `<int:name>`, `:name`, `*name`.
_FOREIGN_CAPTURE = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a path: a problem that does not know its place."""

    code: str
    summary: str
    hint: str


def captures(path: str) -> tuple[str, ...]:
    """Return the names that *path* passes to its view, in order.

    >>> captures("/a/{id}/{rest+}")
    ('id', 'rest')
    """
    return tuple(match[1] for match in map(_CAPTURE.fullmatch, path.split("/")) if match)


def prefixes(path: str) -> tuple[str, ...]:
    """Return the resources on the way to *path* and itself, without the root.

    >>> prefixes("/a/{id}")
    ('/a', '/a/{id}')
    """
    parts = [part for part in path.split("/") if part]
    return tuple("/" + "/".join(parts[:count]) for count in range(1, len(parts) + 1))


def faults(path: str) -> Iterator[Fault]:
    """Yield everything that is wrong with the shape of *path*."""
    if path == "/":
        return
    if not path:
        yield Fault("route-path-empty", "the route is the empty string", "write `/`")
        return
    yield from _slashes(path)
    yield from _characters(path)
    parts = path.strip("/").split("/")
    for index, part in enumerate(parts):
        if "{" in part or "}" in part:
            yield from _braces(path, part, last=index == len(parts) - 1)
    yield from _repeats(path)


def _slashes(path: str) -> Iterator[Fault]:
    mended = "/" + "/".join(part for part in path.split("/") if part)
    if not path.startswith("/"):
        summary = f"route `{path}` does not begin with `/`"
        yield Fault("route-leading-slash", summary, f"write `{mended}`")
    if path.endswith("/"):
        summary = f"route `{path}` ends with `/`"
        yield Fault("route-trailing-slash", summary, f"write `{mended}`; it serves both forms")
    if "//" in path:
        yield Fault("route-empty-segment", f"route `{path}` has `//`", f"write `{mended}`")


def _characters(path: str) -> Iterator[Fault]:
    refused = dict.fromkeys(_REFUSED.findall(_CAPTURE.sub("", path)))
    if not refused:
        return
    marks = ", ".join(f"`{mark}`" for mark in refused)
    summary = f"route `{path}` has {marks}"
    allowed = "write letters, digits, `_ - . , :` and `{name}` only"
    foreign = _FOREIGN_CAPTURE.search(path)
    if foreign:
        written = _FOREIGN_CAPTURE.sub(r"{\1}", path)
        allowed = f"write `{written}`"
    elif "?" in path:
        allowed = (
            f"write `{path.partition('?')[0] or '/'}`; read `app.current_request.query_params`"
        )
    elif "*" in path:
        allowed = f"write `{path.partition('*')[0]}{{proxy+}}` to take the rest of the path"
    yield Fault("route-path-characters", summary, allowed)


def _braces(path: str, part: str, *, last: bool) -> Iterator[Fault]:
    match = _CAPTURE.fullmatch(part)
    if match is None:
        yield Fault(
            "route-capture-partial",
            f"route `{path}` has braces within the segment `{part}`",
            f"write `{_apart(part)}`: a capture is a whole segment between slashes",
        )
        return
    name, greedy = match[1], bool(match[2])
    if not name.isidentifier() or iskeyword(name):
        near = re.sub(r"\W+", "_", name).strip("_")
        near = f"_{near}" if near[:1].isdigit() or iskeyword(near) else near
        yield Fault(
            "route-capture-name",
            f"route `{path}` captures `{name}`, which is no name of a Python parameter",
            f"write `{{{near or 'name'}{match[2]}}}`",
        )
    if greedy and not last:
        yield Fault(
            "route-greedy-position",
            f"route `{path}` goes on after `{part}`, which takes all that follows",
            f"write `{{{name}}}`, or end the route with `{part}`",
        )


def _apart(part: str) -> str:
    found = _CAPTURE.findall(part)
    if not found:
        return f"{{{part.strip('{}') or 'name'}}}"
    pieces = [piece for piece in _CAPTURE.split(part)[::3] if piece]
    names = [f"{{{name or 'name'}{plus}}}" for name, plus in found]
    mixed = [*pieces[:1], *names, *pieces[1:]] if part[0] != "{" else [*names, *pieces]
    return "/".join(piece.strip("{}") if piece in pieces else piece for piece in mixed)


def _repeats(path: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for name in captures(path):
        if name in seen:
            summary = f"route `{path}` captures `{name}` twice"
            yield Fault("route-capture-repeated", summary, "give each capture its own name")
        seen.add(name)


def clashes(paths: Iterable[str]) -> Iterator[tuple[str, str, Fault]]:
    """Yield each pair of well-formed paths whose captures exclude each other, with the reason.

    The pair is the path declared first and the one that cannot stand beside it.
    """
    variables = Variables()
    told: set[tuple[str, str]] = set()
    for path in paths:
        for found in variables.add(path):
            if (found.position, found.part) not in told:
                told.add((found.position, found.part))
                fault = _clash(found.first_path, path, found.first, found.part)
                yield found.first_path, path, fault


def _clash(first_path: str, path: str, first: str, part: str) -> Fault:
    summary = f"`{path}` captures by `{part}` what `{first_path}` captures by `{first}`"
    hint = f"write `{path.replace(part, first, 1)}`: a position has one capture"
    if "+" in part or "+" in first:
        hint = "keep one of them: a greedy and a plain capture cannot stand side by side"
    return Fault("route-capture-clash", summary, hint)
