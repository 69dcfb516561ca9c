"""Texts that are put together by `%`, `format`, f-strings, templates and paths.

A part that is not known is a hole, and the text around it stays. Source of what each form means:
The Python Standard Library, "printf-style String Formatting", "Format String Syntax" and "Template
strings".
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

from chalice.permissions.reading import containers
from chalice.permissions.reading.arguments import Arguments
from chalice.permissions.reading.values import (
    ANYTHING,
    HOLE,
    LONGEST_TEXT,
    MARK,
    MOST_ATOMS,
    NOTHING,
    Box,
    Partial,
    Record,
    Tuple,
    Value,
    concatenated,
    external,
    is_whole,
    join,
    joined,
    text,
)

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Sequence
    from urllib.parse import SplitResult

    from chalice.permissions.reading.run import Run

_CONVERSION = re.compile(
    r"%(?:\((?P<key>[^)]*)\))?(?P<spec>[-#0 +]*(?:\*|\d*)(?:\.(?:\*|\d*))?)[hlL]?(?P<kind>.)",
    re.DOTALL,
)
_KINDS = frozenset("diouxXeEfFgGcrsa%")

# Widths that no part of a name has.
_WIDE = re.compile(r"\d{4}")

_FIELD = re.compile(r"(?P<first>[^.\[]*)(?P<inner>.*)", re.DOTALL)
_INNER = re.compile(r"\.(?P<name>[^.\[]+)|\[(?P<key>[^\]]+)\]")


# --- one part of a text ------------------------------------------------------------------------


def spelled(value: Value, spec: str, conversion: str = "") -> Value:
    """Return what *value* is as a text by the format *spec*: `05d`."""
    if not spec and conversion in ("", "s"):
        return value
    if "%" in spec and not any(isinstance(atom, str | int) for atom in value):
        # What is known of a time is how it is written.
        return text(dated(spec) if _DIRECTIVE.search(spec) else HOLE)

    def write(atom: str | int) -> str:
        made = _CONVERTED.get(conversion, _same)(atom)
        return format(made, spec)

    return _written(value, spec, write)


def _same(atom: str | int) -> str | int:
    return atom


_CONVERTED: dict[str, Callable[[str | int], str | int]] = {"a": ascii, "r": repr, "s": str}


def _written(value: Value, spec: str, write: Callable[[str | int], str]) -> Value:
    """Return what *write* makes of *value*; a hole of what is not known or very wide."""
    if _WIDE.search(spec):
        return text(HOLE)
    found: set[object] = set()
    for atom in value:
        made = HOLE
        if isinstance(atom, int) or (isinstance(atom, str) and is_whole(atom)):
            # What is written as it cannot be makes no text at all.
            with contextlib.suppress(TypeError, ValueError, OverflowError):
                made = write(atom)
        found.add(made)
    return frozenset(found) or text(HOLE)


# --- `%` ---------------------------------------------------------------------------------------


def percent(run: Run, left: Value, right: Value) -> Value:
    """Return what `left % right` may be."""
    found: list[Value] = []
    for atom in left:
        if not isinstance(atom, str):
            return ANYTHING
        found += [_filled(run, atom, given) for given in right or ANYTHING]
    return joined(found)


def _filled(run: Run, owner: str, given: object) -> Value:
    conversions = [match for match in _CONVERSION.finditer(owner) if match["kind"] != "%"]
    if any(match["kind"] not in _KINDS for match in conversions):
        return text(HOLE)
    items = _taken(run, given, conversions)
    if items is None and HOLE in owner:
        # A part that is not known may take some of the items.
        return text(HOLE)
    left = iter(items or [ANYTHING] * len(conversions))
    parts: list[Value] = []
    done = 0
    for match in _CONVERSION.finditer(owner):
        parts.append(text(owner[done : match.start()]))
        done = match.end()
        parts.append(text("%") if match["kind"] == "%" else _converted(match, next(left)))
    return concatenated([*parts, text(owner[done:])])


def _taken(run: Run, given: object, conversions: list[re.Match[str]]) -> list[Value] | None:
    """Return what each conversion takes of *given*, or None where that is not known."""
    one: Value = frozenset([given])
    if any(match["key"] is not None for match in conversions):
        named, others = containers.named(run, one)
        return [join(named.get(match["key"] or "", NOTHING), others) for match in conversions]
    if any("*" in match["spec"] for match in conversions):
        return None
    is_several = isinstance(given, Tuple) or (isinstance(given, Box) and len(conversions) != 1)
    items = containers.sequence(run, one) if is_several else [one]
    return items if items is not None and len(items) == len(conversions) else None


def _converted(match: re.Match[str], value: Value) -> Value:
    spec, kind = match["spec"], match["kind"]
    if "*" in spec:
        return text(HOLE)
    if not spec and kind == "s":
        return value
    return _written(value, spec, lambda atom: f"%{spec}{kind}" % atom)


# --- `format` ----------------------------------------------------------------------------------


def formatted(run: Run, owner: str, args: Arguments, node: ast.expr) -> Value:
    """Return what `owner.format(...)` may be."""
    import string  # noqa: PLC0415 - few programs need it

    try:
        pieces = list(string.Formatter().parse(owner))
    except ValueError:
        return text(HOLE)
    parts: list[Value] = []
    position = 0
    for literal, field, spec, conversion in pieces:
        parts.append(text(literal))
        if field is None:
            continue
        match = _FIELD.match(field)
        first, inner = (match["first"], match["inner"]) if match else ("", "")
        if first:
            value = args.get(int(first) if first.isdecimal() else -1, first)
        else:
            value, position = args.get(position, ""), position + 1
        value = _inside(run, value, inner, node)
        # A width may be a field by itself.
        is_plain = "{" not in (spec or "")
        parts.append(spelled(value, spec or "", conversion or "") if is_plain else ANYTHING)
    if HOLE in owner and position and position != len(args.args):
        # A part that is not known may take some of the arguments.
        return text(HOLE)
    return concatenated(parts)


def _inside(run: Run, value: Value, path: str, node: ast.expr) -> Value:
    """Return what is in *value* under a path of a field: `.name[key]`."""
    for match in _INNER.finditer(path):
        name, key = match["name"], match["key"]
        if name:
            value = joined(run.language.attribute(run, atom, name, node) for atom in value)
            continue
        under: Value = frozenset([int(key) if key.isdecimal() else key])
        value = joined(containers.under(run, atom, under) for atom in value)
    return value


def format_map(run: Run, owner: str, args: Arguments, node: ast.expr) -> Value:
    """Return what `owner.format_map(...)` may be."""
    named, others = containers.named(run, args.get(0, "mapping"))
    return formatted(run, owner, Arguments((), named, NOTHING, others), node)


def _formatted(run: Run, args: Arguments, node: ast.expr) -> Value:
    del run, node
    specs = args.get(1, "format_spec") or text("")
    found = [
        spelled(args.get(0, "value"), spec)
        if isinstance(spec, str) and is_whole(spec)
        else text(HOLE)
        for spec in specs
    ]
    return concatenated([joined(found)])


# --- a text that is changed --------------------------------------------------------------------

# What changes each character by itself.
_EACH = frozenset({"casefold", "lower", "swapcase", "upper"})
_ENDS = frozenset({"lstrip", "rstrip", "strip"})


def changed(owner: str, name: str, *given: str) -> str:
    """Return what the method *name* makes of *owner*, with a hole for what is not known.

    Raises:
        TypeError: the method does not take what is *given*.
    """
    change: Callable[..., str] = getattr(str, name)
    owner = MARK.sub(HOLE, owner)
    parts = owner.split(HOLE)
    looked_for = given[0] if given else ""
    is_known = HOLE not in owner
    if name in _ENDS and not is_known:
        return _stripped(parts, name, *given)
    if name == "removeprefix":
        is_known = len(parts[0]) >= len(looked_for) or not looked_for.startswith(parts[0])
    if name == "removesuffix":
        is_known = len(parts[-1]) >= len(looked_for) or not looked_for.endswith(parts[-1])
    if is_known:
        return change(owner, *given)
    if name in _EACH or (name == "replace" and not _is_split(parts, looked_for)):
        return HOLE.join(change(part, *given) for part in parts)
    return HOLE


def _stripped(parts: Sequence[str], name: str, *given: str) -> str:
    """Return what is left of *parts*, between which nothing is known, without some characters.

    An end of which nothing is left may lose what is not known, too, and what comes after it.
    """
    first, *between, last = parts
    first = first if name == "rstrip" else first.lstrip(*given)
    last = last if name == "lstrip" else last.rstrip(*given)
    if (not first and name != "rstrip") or (not last and name != "lstrip"):
        return HOLE
    return HOLE.join([first, *between, last])


def _is_split(parts: Sequence[str], looked_for: str) -> bool:
    """Return whether a text may begin or end in one of *parts*, and go on in what is not known."""
    cuts = range(1, len(looked_for))
    return not looked_for or any(
        part.endswith(looked_for[:cut]) or part.startswith(looked_for[cut:])
        for part in parts
        for cut in cuts
    )


_DIRECTIVE = re.compile(r"%[-#EO]?[A-Za-z]")


def dated(pattern: str) -> str:
    """Return what a time is as a text by *pattern*: each directive is a hole.

    Source: The Python Standard Library, "strftime() and strptime() Format Codes".
    """
    return re.sub(f"{HOLE}+", HOLE, _DIRECTIVE.sub(HOLE, pattern).replace("%%", "%"))


def strftime(run: Run, args: Arguments, node: ast.expr) -> Value:
    """Return what the time is by the pattern that is given last, or before the time."""
    del run, node
    given = args.keywords.get("format", NOTHING) or joined(args.args[:1])
    return frozenset(dated(atom) if isinstance(atom, str) else HOLE for atom in given)


# --- addresses ---------------------------------------------------------------------------------


def _address(run: Run, args: Arguments, node: ast.expr) -> Value:
    """Return the parts of a URL by name: `s3://bucket/key`."""
    from urllib.parse import urlsplit  # noqa: PLC0415 - few programs need it

    del run, node
    found: set[object] = set()
    for atom in args.get(0, "url"):
        # A text that begins with what is not known may be any address.
        if not isinstance(atom, str) or MARK.search(atom) or atom.startswith(HOLE):
            return ANYTHING
        try:
            parts = urlsplit(atom)
        except ValueError:
            return ANYTHING
        found.add(_known(parts))
    return frozenset(found)


def _known(parts: SplitResult) -> Record:
    """Return the parts of a URL by name; one with a hole may end there, and others follow it."""
    found: dict[str, Value] = {}
    is_open = False
    for name, value in parts._asdict().items():
        before, hole, _ = value.partition(HOLE)
        found[name] = text(HOLE if is_open else before + hole)
        is_open = is_open or hole != ""
    host = frozenset(str(atom).lower() for atom in found["netloc"])
    return Record((*found.items(), ("hostname", host)))


# --- templates ---------------------------------------------------------------------------------

_SUBSTITUTE = "string.Template().substitute"


def _template(run: Run, args: Arguments, node: ast.expr) -> Value:
    """Return a template: a record of its methods, which know its text."""
    del run, node
    template = args.get(0, "template")
    made = frozenset(Partial(atom, (template,), ()) for atom in external(_SUBSTITUTE))
    return frozenset(
        [Record((("safe_substitute", made), ("substitute", made), ("template", template)))]
    )


def _substituted(run: Run, args: Arguments, node: ast.expr) -> Value:
    """Return what `Template(...).substitute(mapping, **others)` may be."""
    import string  # noqa: PLC0415 - few programs need it

    del node
    named, others = containers.named(run, joined(args.args[1:2]))
    named |= args.keywords
    others = join(others, args.others)
    found: list[Value] = []
    for atom in args.args[0]:
        owner = atom if isinstance(atom, str) else HOLE
        parts: list[Value] = []
        done = 0
        for match in string.Template.pattern.finditer(owner):
            parts.append(text(owner[done : match.start()]))
            done = match.end()
            name = match["named"] or match["braced"]
            value = join(named.get(name or "", NOTHING), others)
            parts.append(text("$") if match["escaped"] else value)
        found.append(concatenated([*parts, text(owner[done:])]))
    return joined(found)


# --- paths -------------------------------------------------------------------------------------


def path(parts: list[Value]) -> Value:
    """Return the path that *parts* make, one below the other.

    What is not known may be empty, or end in a slash: none is written after it.
    """
    found = [""]
    for part in parts:
        ends = [atom if isinstance(atom, str) else HOLE for atom in part] or [HOLE]
        if len(found) * len(ends) > MOST_ATOMS:
            ends = [HOLE]
        found = [_below(start, end) for start in found for end in ends]
    return frozenset(found)


def _below(start: str, end: str) -> str:
    if end.startswith("/"):
        return end
    between = "" if not start or start.endswith(("/", HOLE)) else "/"
    return f"{start}{between}{end}".replace(HOLE + HOLE, HOLE)[:LONGEST_TEXT]


def _path(run: Run, args: Arguments, node: ast.expr) -> Value:
    del run, node
    return path([*args.args, *([ANYTHING] if args.rest else [])])


#: What makes texts of what it is given, by name.
CALLS: dict[str, Callable[[Run, Arguments, ast.expr], Value]] = {
    "builtins.format": _formatted,
    "os.path.join": _path,
    "pathlib.Path": _path,
    "pathlib.PosixPath": _path,
    "pathlib.PurePath": _path,
    "pathlib.PurePosixPath": _path,
    "posixpath.join": _path,
    "string.Template": _template,
    "time.strftime": strftime,
    "urllib.parse.urlparse": _address,
    "urllib.parse.urlsplit": _address,
    _SUBSTITUTE: _substituted,
}
