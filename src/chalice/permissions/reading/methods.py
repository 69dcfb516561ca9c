"""Methods of texts and containers, and of objects that call what they are given."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from chalice.permissions.reading import containers, formatting, partial
from chalice.permissions.reading.arguments import Arguments
from chalice.permissions.reading.formatting import changed
from chalice.permissions.reading.values import (
    ANYTHING,
    HOLE,
    LONGEST_TEXT,
    NOTHING,
    Box,
    Generator,
    Record,
    Tuple,
    Value,
    concatenated,
    is_whole,
    join,
    joined,
    text,
)

if TYPE_CHECKING:
    import ast

    from chalice.permissions.reading.run import Run

_IN_PLACE = frozenset(
    {"capitalize", "casefold", "lower", "lstrip", "rstrip", "strip", "swapcase", "title", "upper"}
)
_OF_TEXT = frozenset({"removeprefix", "removesuffix", "replace", "strip", "lstrip", "rstrip"})

_CONTAINERS = (Box, Tuple, Record, Generator)


def call(run: Run, owner: object, name: str, args: Arguments, node: ast.expr) -> Value:
    """Return what the method *name* of *owner*, a text, a container or anything, gives."""
    if isinstance(owner, str):
        return _of_text(run, owner, name, args, node)
    if isinstance(owner, _CONTAINERS):
        found = _CONTAINER.get(name)
        if found is not None:
            return found(run, owner, args, node)
    higher = _HIGHER.get(name)
    if higher is not None:
        return higher(run, args, node)
    return ANYTHING


def _of_text(run: Run, owner: str, name: str, args: Arguments, node: ast.expr) -> Value:
    found = _TEXT.get(name)
    if found is not None:
        return found(run, owner, args, node)
    if name in _IN_PLACE and not (args.args or args.rest):
        return text(changed(owner, name))
    if name in _OF_TEXT:
        plain = [next(iter(item)) for item in args.args if len(item) == 1]
        strings = [item for item in plain if isinstance(item, str) and is_whole(item)]
        if len(strings) == len(args.args) and not args.rest:
            # What is called as it cannot be gives nothing that is known, either.
            with contextlib.suppress(TypeError):
                return text(changed(owner, name, *strings))
    return text(HOLE) if name in _IN_PLACE | _OF_TEXT else ANYTHING


def _joined(run: Run, owner: str, args: Arguments, node: ast.expr) -> Value:
    del node
    items = containers.sequence(run, args.get(0, ""))
    if items is None:
        return text(HOLE)
    parts: list[Value] = []
    for position, item in enumerate(items):
        parts += [text(owner), item] if position else [item]
    return concatenated(parts)


def _below(run: Run, owner: str, args: Arguments, node: ast.expr) -> Value:
    del run, node
    return formatting.path([text(owner), *args.args])


def _split(
    cut: Callable[[str, str, int], Value],
) -> Callable[[Run, str, Arguments, ast.expr], Value]:
    def found(run: Run, owner: str, args: Arguments, node: ast.expr) -> Value:
        del run, node
        limits = args.get(1, "maxsplit") or frozenset([-1])
        separators = args.get(0, "sep")
        if not separators and not args.rest and is_whole(owner) and limits == {-1}:
            return frozenset([Tuple(tuple(map(text, owner.split())))])
        (separator, *others), (limit, *more) = separators or {None}, limits
        is_known = isinstance(separator, str) and separator != "" and is_whole(separator)
        if others or more or not is_known or not isinstance(limit, int):
            return frozenset([Tuple((), text(HOLE))])
        return cut(owner, str(separator), limit)

    return found


def _partition(
    cut: Callable[[str, str], Value],
) -> Callable[[Run, str, Arguments, ast.expr], Value]:
    def found(run: Run, owner: str, args: Arguments, node: ast.expr) -> Value:
        del run, node
        (separator, *others) = args.get(0, "") or {None}
        is_known = isinstance(separator, str) and separator != "" and is_whole(separator)
        if others or not is_known:
            return frozenset([Tuple((text(HOLE),) * 3)])
        return cut(owner, str(separator))

    return found


def _same_text(run: Run, owner: str, args: Arguments, node: ast.expr) -> Value:
    """Return the text that bytes are made of, or that is made of them: here they are the same."""
    del run, args, node
    return text(owner)


def _padded(name: str) -> Callable[[Run, str, Arguments, ast.expr], Value]:
    def found(run: Run, owner: str, args: Arguments, node: ast.expr) -> Value:
        del run, node
        given = [next(iter(item)) for item in args.args if len(item) == 1]
        width = given[0] if given and len(given) == len(args.args) else None
        if is_whole(owner) and isinstance(width, int) and width <= LONGEST_TEXT:
            with contextlib.suppress(TypeError):
                return text(getattr(owner, name)(*given))
        return text(HOLE)

    return found


_TEXT: dict[str, Callable[[Run, str, Arguments, ast.expr], Value]] = {
    "as_posix": _below,
    "center": _padded("center"),
    "decode": _same_text,
    "encode": _same_text,
    "format": formatting.formatted,
    "format_map": formatting.format_map,
    "join": _joined,
    "joinpath": _below,
    "ljust": _padded("ljust"),
    "partition": _partition(partial.partition),
    "rjust": _padded("rjust"),
    "rpartition": _partition(partial.rpartition),
    "rsplit": _split(partial.rsplit),
    "split": _split(partial.split),
    "zfill": _padded("zfill"),
}


# --- containers --------------------------------------------------------------------------------


def _get(run: Run, owner: object, args: Arguments, node: ast.expr) -> Value:
    del node
    keys = args.get(0, "key")
    default = args.get(1, "default")
    if isinstance(owner, Box):
        found = containers.lookup(run, owner, keys)
        if not containers.is_kept(run, owner):
            found = join(found, ANYTHING)
    elif isinstance(owner, Record):
        found = containers.named_in(owner, keys, NOTHING)
    else:
        found = containers.iterated(run, frozenset([owner]), None)
    return join(found, default)


def _setdefault(run: Run, owner: object, args: Arguments, node: ast.expr) -> Value:
    containers.put(run, owner, args.get(0, "key"), args.get(1, "default"))
    return _get(run, owner, args, node)


def _append(run: Run, owner: object, args: Arguments, node: ast.expr) -> Value:
    del node
    containers.put(run, owner, ANYTHING, args.args[-1] if args.args else ANYTHING)
    return frozenset([None])


def _set(run: Run, owner: object, args: Arguments, node: ast.expr) -> Value:
    """Put what is given under a key, or as the one value that there is."""
    del node
    keys = args.args[0] if len(args.args) > 1 else ANYTHING
    for value in args.args[1:] or args.args[:1]:
        containers.put(run, owner, keys, value)
    return frozenset([None])


def _extend(run: Run, owner: object, args: Arguments, node: ast.expr) -> Value:
    del node
    if args.args:
        containers.extend(run, owner, args.args[0])
    for name, value in args.keywords.items():
        containers.put(run, owner, text(name), value)
    return frozenset([None])


def _update(run: Run, owner: object, args: Arguments, node: ast.expr) -> Value:
    is_list = isinstance(owner, Box) and run.engine.read(("size", owner), run.task)
    if args.args and not is_list:
        containers.fill(run, owner, args.args[0], node)
        args = args.after(1)
    return _extend(run, owner, args, node)


def _values(run: Run, owner: object, args: Arguments, node: ast.expr) -> Value:
    del args, node
    if isinstance(owner, Box):
        return frozenset([Generator(containers.everything(run, owner))])
    if isinstance(owner, Record):
        return frozenset([Generator(join(owner.rest, *[item for _, item in owner.items]))])
    return frozenset([Generator(containers.iterated(run, frozenset([owner]), None))])


def _keys(run: Run, owner: object, args: Arguments, node: ast.expr) -> Value:
    del args, node
    return frozenset([Generator(containers.iterated(run, frozenset([owner]), None))])


def _pairs(run: Run, owner: object, args: Arguments, node: ast.expr) -> Value:
    del args, node
    found, others = containers.named(run, frozenset([owner]))
    pairs = [Tuple((text(name), item)) for name, item in found.items()]
    if others or not pairs:
        if isinstance(owner, Box):
            others = join(others, containers.everything(run, owner))
        pairs.append(Tuple((ANYTHING, others)))
    return frozenset([Generator(frozenset(pairs))])


def _pop(run: Run, owner: object, args: Arguments, node: ast.expr) -> Value:
    containers.remove(run, owner, args.get(0, "key"))
    # A list gives the one at a position; a dict the one under a key, or the default.
    if isinstance(owner, Record) or any(isinstance(key, str) for key in args.get(0, "")):
        return _get(run, owner, args, node)
    return join(_item(run, owner), args.get(1, "default"))


def _clear(run: Run, owner: object, args: Arguments, node: ast.expr) -> Value:
    del args, node
    containers.remove(run, owner, ANYTHING)
    return _item(run, owner)


def _item(run: Run, owner: object) -> Value:
    if isinstance(owner, Box):
        return containers.everything(run, owner)
    return containers.iterated(run, frozenset([owner]), None)


def _next(run: Run, owner: object, args: Arguments, node: ast.expr) -> Value:
    del args, node
    return _item(run, owner)


def _same(run: Run, owner: object, args: Arguments, node: ast.expr) -> Value:
    del run, args, node
    return frozenset([owner])


_Method = Callable[["Run", object, Arguments, "ast.expr"], Value]

_CONTAINER: dict[str, _Method] = {
    "__enter__": _same,
    "__getitem__": _get,
    "__next__": _next,
    "add": _append,
    "append": _append,
    "appendleft": _append,
    "clear": _clear,
    "copy": _same,
    "extend": _extend,
    "get": _get,
    "insert": _append,
    "items": _pairs,
    "keys": _keys,
    "pop": _pop,
    "popitem": _clear,
    "popleft": _next,
    "put": _append,
    "set": _set,
    "setdefault": _setdefault,
    "update": _update,
    "values": _values,
}


# --- what calls its arguments ------------------------------------------------------------------


def each(run: Run, functions: Value, items: list[Value], node: ast.expr) -> Value:
    """Return what *functions* give for what is in each of *items*, as `map` calls them."""
    taken = tuple(containers.iterated(run, item, node) for item in items)
    # `series.map(function)` calls it with what the object holds.
    given = Arguments(taken, {}, NOTHING if taken else ANYTHING)
    return join(NOTHING, *[run.call(atom, given, node) for atom in functions])


def _submit(run: Run, args: Arguments, node: ast.expr) -> Value:
    found = [run.call(atom, args.after(1), node) for atom in args.get(0, "fn")]
    return frozenset([Generator(join(NOTHING, *found))])


def _in_executor(run: Run, args: Arguments, node: ast.expr) -> Value:
    found = [run.call(atom, args.after(2), node) for atom in args.get(1, "func")]
    return join(NOTHING, *found)


def _map(run: Run, args: Arguments, node: ast.expr) -> Value:
    return frozenset([Generator(each(run, args.get(0, "fn"), list(args.args[1:]), node))])


def _enter(run: Run, args: Arguments, node: ast.expr) -> Value:
    return run.language.entered(run, args.get(0, "cm"), node)


def _first(run: Run, args: Arguments, node: ast.expr) -> Value:
    del run, node
    return args.get(0, "")


def starred(run: Run, args: Arguments, node: ast.expr) -> Value:
    """Return what `pool.starmap(function, rows)` gives: each row is the arguments of a call."""
    found: list[Value] = []
    for row in containers.iterated(run, args.get(1, "iterable"), node):
        given = spread(run, frozenset([row]), NOTHING)
        found += [run.call(atom, given, node) for atom in args.get(0, "func")]
    return frozenset([Generator(joined(found))])


def spread(run: Run, args: Value, keywords: Value) -> Arguments:
    """Return what a call gives to a function that is written apart: `args=(...)`, `kwargs={...}`.

    None is no argument.
    """
    args, keywords = args - {None}, keywords - {None}
    items = containers.sequence(run, args) if args else []
    named, others = containers.named(run, keywords)
    optional = frozenset(named.keys() - containers.certain(run, keywords))
    rest = NOTHING if items is not None else ANYTHING
    return Arguments(tuple(items or ()), named, rest, others, optional)


def _applied(run: Run, args: Arguments, node: ast.expr) -> Value:
    """Return what `pool.apply(function, arguments, keywords)` gives."""
    # `frame.apply(function)` calls it with what the object holds.
    is_alone = len(args.args) < 2 and "args" not in args.keywords
    given = spread(run, ANYTHING if is_alone else args.get(1, "args"), args.get(2, "kwds"))
    found = [run.call(atom, given, node) for atom in args.get(0, "func")]
    return frozenset([Generator(joined(found))])


def after(count: int) -> Callable[[Run, Arguments, ast.expr], Value]:
    """Return what calls the argument after *count* others with those that follow it."""

    def found(run: Run, args: Arguments, node: ast.expr) -> Value:
        for atom in args.get(count, "callback"):
            run.call(atom, args.after(count + 1), node)
        return frozenset([None])

    return found


def _scheduled(run: Run, args: Arguments, node: ast.expr) -> Value:
    """Call what `scheduler.enter(delay, priority, action, argument, kwargs)` names."""
    if len(args.args) < 3 and "action" not in args.keywords:
        return ANYTHING
    given = spread(run, args.get(3, "argument"), args.get(4, "kwargs"))
    for atom in args.get(2, "action"):
        run.call(atom, given, node)
    return frozenset([None])


# Source: The Python Standard Library, "concurrent.futures", "multiprocessing.pool", "asyncio".
_HIGHER: dict[str, Callable[[Run, Arguments, ast.expr], Value]] = {
    "apply": _applied,
    "apply_async": _applied,
    "call_at": after(1),
    "call_later": after(1),
    "call_soon": after(0),
    "call_soon_threadsafe": after(0),
    "create_task": _first,
    "enter_async_context": _enter,
    "enter_context": _enter,
    "enter": _scheduled,
    "enterabs": _scheduled,
    "imap": _map,
    "imap_unordered": _map,
    "map": _map,
    "map_async": _map,
    "run_in_executor": _in_executor,
    "run_until_complete": _first,
    "starmap": starred,
    "starmap_async": starred,
    "strftime": formatting.strftime,
    "submit": _submit,
}
