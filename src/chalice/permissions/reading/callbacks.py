"""Functions of Python and its library that call what they are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.permissions.reading import containers, methods
from chalice.permissions.reading.arguments import Arguments
from chalice.permissions.reading.values import (
    ANYTHING,
    NOTHING,
    Generator,
    Tuple,
    Value,
    is_whole,
    join,
    text,
)

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

    from chalice.permissions.reading.run import Run

#: How often the function of `functools.reduce` is called until its results stay the same.
_MOST_REDUCED = 3


def _sorted(run: Run, args: Arguments, node: ast.expr) -> Value:
    key = args.keywords.get("key", NOTHING)
    methods.each(run, key, [args.get(0, "iterable")], node)
    items = containers.sequence(run, args.get(0, "iterable"))
    ones = [next(iter(item)) for item in items or () if len(item) == 1]
    names = [atom for atom in ones if isinstance(atom, str) and is_whole(atom)]
    if items is None or len(names) < len(items) or key or "reverse" in args.keywords:
        return _listed(run, args, node, ordered=False)
    return containers.listed(run, node, [text(name) for name in sorted(names)], NOTHING)


def _picked(run: Run, args: Arguments, node: ast.expr) -> Value:
    """Return what `min` or `max` picks: of its arguments, or of what is in the only one."""
    items = [containers.iterated(run, args.args[0], node)] if len(args.args) == 1 else args.args
    found = join(args.rest, args.keywords.get("default", NOTHING), *items)
    given = Arguments((found,), {})
    for atom in args.keywords.get("key", NOTHING):
        run.call(atom, given, node)
    return found or ANYTHING


def _iterator(run: Run, args: Arguments, node: ast.expr) -> Value:
    if len(args.args) < 2:
        return _iterated(run, args, node)
    found = [run.call(atom, Arguments((), {}), node) for atom in args.args[0]]
    return frozenset([Generator(join(NOTHING, *found))])


def _reduced(run: Run, args: Arguments, node: ast.expr) -> Value:
    """Return what `functools.reduce` gives: each result is given to the next call, with an item."""
    item = containers.iterated(run, args.get(1, "iterable"), node)
    found = join(args.get(2, "initial"), item)
    for _ in range(_MOST_REDUCED):
        given = Arguments((found, item), {})
        more = join(found, *[run.call(atom, given, node) for atom in args.get(0, "function")])
        if more == found:
            return found
        found = more
    given = Arguments((join(found, ANYTHING), item), {})
    return join(found, *[run.call(atom, given, node) for atom in args.get(0, "function")])


def _map(run: Run, args: Arguments, node: ast.expr) -> Value:
    return frozenset([Generator(methods.each(run, args.get(0, ""), list(args.args[1:]), node))])


def _filter(run: Run, args: Arguments, node: ast.expr) -> Value:
    methods.each(run, args.get(0, ""), list(args.args[1:2]), node)
    return frozenset([Generator(containers.iterated(run, args.get(1, ""), node))])


def _in_thread(run: Run, args: Arguments, node: ast.expr) -> Value:
    found = [run.call(atom, args.after(1), node) for atom in args.get(0, "func")]
    return join(NOTHING, *found)


def thread(run: Run, args: Arguments, node: ast.expr, name: str, at: int, after: int) -> None:
    """Call what a thread is given: the argument at *at*, with those that follow *after*."""
    given = args.get(after, "args"), args.get(after + 1, "kwargs")
    for atom in args.get(at, name):
        run.call(atom, methods.spread(run, *given), node)


def _signal(run: Run, args: Arguments, node: ast.expr) -> Value:
    for atom in args.get(1, "handler"):
        run.call(atom, Arguments((), {}, ANYTHING), node)
    return ANYTHING


def _listed(run: Run, args: Arguments, node: ast.expr, *, ordered: bool = True) -> Value:
    """Return a list of what is given; where that has no order, any of it may stand anywhere."""
    given = args.get(0, "iterable")
    items = containers.sequence(run, given) if ordered else None
    every = containers.iterated(run, given, node) if items is None else NOTHING
    return containers.listed(run, node, items or [], every)


def _set(run: Run, args: Arguments, node: ast.expr) -> Value:
    return _listed(run, args, node, ordered=False)


def _reversed(run: Run, args: Arguments, node: ast.expr) -> Value:
    items = containers.sequence(run, args.get(0, ""))
    return _iterated(run, args, node) if items is None else frozenset([Tuple(tuple(items[::-1]))])


def _iterated(run: Run, args: Arguments, node: ast.expr) -> Value:
    items = containers.iterated(run, args.get(0, ""), node)
    known = containers.sequence(run, args.get(0, ""))
    return frozenset([Tuple((), items) if known is None else Tuple(tuple(known))])


#: Classes that call a function by and by: where they are given it, and where its arguments. Source:
#: The Python Standard Library, "threading", "multiprocessing".
THREADS = {"Process": ("target", 1, 3), "Thread": ("target", 1, 3), "Timer": ("function", 1, 2)}


CALLS: dict[str, Callable[[Run, Arguments, ast.expr], Value]] = {
    "asyncio.to_thread": _in_thread,
    "atexit.register": methods.after(0),
    "builtins.filter": _filter,
    "builtins.iter": _iterator,
    "builtins.list": _listed,
    "builtins.map": _map,
    "builtins.max": _picked,
    "builtins.min": _picked,
    "builtins.reversed": _reversed,
    "builtins.set": _set,
    "builtins.sorted": _sorted,
    "builtins.tuple": _iterated,
    "functools.reduce": _reduced,
    "itertools.starmap": methods.starred,
    "signal.signal": _signal,
    "weakref.finalize": methods.after(1),
}
