"""What statements do, in order: each branch by itself, loops until their names stay the same."""

from __future__ import annotations

import ast
import functools
from typing import TYPE_CHECKING

from chalice.permissions.reading import annotated, containers, expressions, handing, objects
from chalice.permissions.reading.definitions import define_class, define_function
from chalice.permissions.reading.factories import FIELDS
from chalice.permissions.reading.program import absolute
from chalice.permissions.reading.values import (
    ANYTHING,
    NOTHING,
    ClassOf,
    External,
    ModuleOf,
    Tuple,
    Value,
    concatenated,
    external,
    join,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chalice.permissions.reading.run import Names, Run


#: How often a loop is run until the names from before it stay the same; else they are not known.
_MOST_ROUNDS = 5


#: Pairs that a loop goes over one by one; what more there are stand for each other.
MOST_PAIRS = 8


def execute(run: Run, body: Sequence[ast.stmt]) -> bool:
    """Run *body*; return whether what stands after it may be reached."""
    for statement in body:
        run.engine.steps += 1
        try:
            if not _STATEMENTS.get(type(statement), _nothing)(run, statement):
                return False
        except RecursionError:
            run.engine.notes.too_deep(run.place(statement))
    return True


def _nothing(run: Run, node: ast.stmt) -> bool:
    del run, node
    return True


# --- names -------------------------------------------------------------------------------------


def bind(run: Run, target: ast.expr, value: Value) -> None:
    """Give *target*, the left side of an assignment, *value*."""
    if isinstance(target, ast.Name):
        run.assign(target.id, value)
    elif isinstance(target, ast.Attribute):
        for atom in expressions.evaluate(run, target.value):
            objects.write(run, atom, target.attr, value)
    elif isinstance(target, ast.Subscript):
        keys = expressions.evaluate(run, target.slice)
        for atom in expressions.evaluate(run, target.value):
            containers.put(run, atom, keys, value)
    elif isinstance(target, ast.Starred):
        bind(run, target.value, value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        starred = [isinstance(part, ast.Starred) for part in target.elts]
        star = starred.index(True) if True in starred else None
        parts = containers.unpacked(run, value, len(target.elts), star)
        for part, item in zip(target.elts, parts, strict=True):
            bind(run, part, item)


def _assign(run: Run, node: ast.Assign) -> bool:
    value = expressions.evaluate(run, node.value)
    if run.klass is not None and isinstance(node.value, ast.Call):
        _fields(run, node, node.value)
    for target in node.targets:
        bind(run, target, value)
    return True


def _fields(run: Run, node: ast.Assign, made: ast.Call) -> None:
    """Take note of what a class of `attrs` is given by position: `name = attr.ib()`."""
    found = run.evaluate(made.func)
    is_field = any(isinstance(atom, External) and atom.name in FIELDS for atom in found)
    if is_field and _is_positional(made) and run.klass is not None:
        run.klass.fields += [item.id for item in node.targets if isinstance(item, ast.Name)]


def _is_positional(value: ast.expr | None) -> bool:
    """Return whether a field with this value is given by position: `field(init=False)` is not."""
    keywords = value.keywords if isinstance(value, ast.Call) else []
    named = {item.arg: getattr(item.value, "value", None) for item in keywords}
    return named.get("init") is not False and named.get("kw_only") is not True


def _annotated(run: Run, node: ast.AnnAssign) -> bool:
    if isinstance(node.target, ast.Name):
        is_field = _is_positional(node.value) and not annotated.is_of_class(node.annotation)
        if run.klass is not None and is_field:
            run.klass.fields.append(node.target.id)
        annotated.declare(run, node.target.id, node.annotation)
    if node.value is not None:
        value = expressions.evaluate(run, node.value)
        bind(run, node.target, annotated.refined(run, value, node.annotation))
    return True


def _augmented(run: Run, node: ast.AugAssign) -> bool:
    before = expressions.evaluate(run, node.target)
    more = expressions.evaluate(run, node.value)
    if isinstance(node.op, ast.Add) and any(isinstance(atom, str) for atom in before):
        more = concatenated([before, more])
        bind(run, node.target, more)
        return True
    for atom in before:
        containers.extend(run, atom, more)
    # Numbers may be counted up or down any number of times.
    count = ANYTHING if any(isinstance(atom, int) for atom in before) else NOTHING
    bind(run, node.target, join(before, more, count))
    return True


def _expression(run: Run, node: ast.Expr) -> bool:
    expressions.evaluate(run, node.value)
    return True


_NONE: Value = frozenset([None])


def _return(run: Run, node: ast.Return) -> bool:
    value = expressions.evaluate(run, node.value) if node.value is not None else _NONE
    run.returns = join(run.returns, value)
    return False


def _raise(run: Run, node: ast.Raise) -> bool:
    for part in (node.exc, node.cause):
        if part is not None:
            expressions.evaluate(run, part)
    return False


def _delete(run: Run, node: ast.Delete) -> bool:
    for target in node.targets:
        if isinstance(target, ast.Attribute):
            expressions.evaluate(run, target.value)
        if isinstance(target, ast.Subscript):
            owners = expressions.evaluate(run, target.value)
            keys = expressions.evaluate(run, target.slice)
            for owner in owners:
                containers.remove(run, owner, keys)
    return True


def _stop(run: Run, node: ast.stmt) -> bool:
    del run, node
    return False


def _assert(run: Run, node: ast.Assert) -> bool:
    expressions.evaluate(run, node.test)
    if node.msg is not None:
        expressions.evaluate(run, node.msg)
    return True


def _global(run: Run, node: ast.Global) -> bool:
    run.module_names, run.is_plain = run.module_names.union(node.names), False
    return True


def _nonlocal(run: Run, node: ast.Nonlocal) -> bool:
    run.outer_names, run.is_plain = run.outer_names.union(node.names), False
    return True


# --- branches ----------------------------------------------------------------------------------


def _either(run: Run, ways: Sequence[Callable[[], bool]]) -> bool:
    """Run each of *ways* from the same names; afterwards a name may be what any has made it."""
    ends = [changed for ends, changed in map(run.branch, ways) if ends]
    run.merge(ends)
    return bool(ends)


def _if(run: Run, node: ast.If) -> bool:
    # Tests of a chain of `elif`s are nested in the tree; there may be thousands.
    ways: list[Callable[[], bool]] = []
    rest: list[ast.stmt] = [node]
    while len(rest) == 1 and isinstance(rest[0], ast.If):
        node = rest[0]
        run.engine.notes.default(expressions.evaluate(run, node.test))
        ways.append(_way(run, node.body))
        rest = node.orelse
    return _either(run, [*ways, _way(run, rest)])


def _way(run: Run, body: Sequence[ast.stmt]) -> Callable[[], bool]:
    return lambda: execute(run, body)


def _loop(run: Run, once: Callable[[], object]) -> None:
    """Run a loop: not at all, once, and again while names from before it change in it.

    Loops inside it run once each time: else the time would double with each.
    """

    def way() -> bool:
        once()
        return True

    inside, run.in_loop = run.in_loop, True
    for left in reversed(range(1 if inside else _MOST_ROUNDS)):
        _, changed = run.branch(way)
        before = {name: run.env[name] for name in changed if name in run.env}
        run.merge([{}, changed])
        if all(run.env[name] == value for name, value in before.items()):
            break
        if not left and not inside:
            run.merge([{}, dict.fromkeys(before, ANYTHING)])
    run.in_loop = inside


def _for(run: Run, node: ast.For | ast.AsyncFor) -> bool:
    items = containers.iterated(run, expressions.evaluate(run, node.iter), node.iter)

    def once(of: Value = items) -> bool:
        bind(run, node.target, of)
        return execute(run, node.body)

    def one_by_one() -> None:
        ends: list[Names] = []
        for run.way, pair in enumerate(items, start=1):
            ends.append(run.branch(functools.partial(once, frozenset([pair])))[1])
        run.way = 0
        run.merge(ends)

    are_pairs = all(isinstance(item, Tuple) and not item.rest for item in items)
    few = 1 < len(items) <= MOST_PAIRS and not run.engine.hurries
    is_outermost = not run.in_loop and not run.way
    _loop(run, one_by_one if are_pairs and few and is_outermost else once)
    return execute(run, node.orelse)


def _while(run: Run, node: ast.While) -> bool:
    def once() -> None:
        expressions.evaluate(run, node.test)
        execute(run, node.body)

    _loop(run, once)
    return execute(run, node.orelse)


def _with(run: Run, node: ast.With | ast.AsyncWith) -> bool:
    for item in node.items:
        value = expressions.evaluate(run, item.context_expr)
        entered = objects.entered(run, value, item.context_expr)
        if item.optional_vars is not None:
            bind(run, item.optional_vars, entered)
    return execute(run, node.body)


def _try(run: Run, node: ast.Try | ast.TryStar) -> bool:
    around = run.has_default
    run.has_default = around or any(map(_catches_missing, node.handlers))
    completes, changed = run.branch(_way(run, node.body))
    run.has_default = around

    def otherwise() -> bool:
        run.merge([changed])
        return execute(run, node.orelse)

    def clause(found: ast.ExceptHandler) -> Callable[[], bool]:
        def way() -> bool:
            run.merge([{}, changed])
            types = expressions.evaluate(run, found.type) if found.type is not None else NOTHING
            if found.name:
                run.assign(found.name, _caught(run, types))
            return execute(run, found.body)

        return way

    ways = [*([otherwise] if completes else []), *map(clause, node.handlers)]
    ends = [found for reached, found in map(run.branch, ways) if reached]
    run.merge(ends or [{}, changed])
    return execute(run, node.finalbody) and bool(ends)


# What a variable that is not set raises, and the exceptions that this is one of.
_MISSING = frozenset({"BaseException", "Exception", "KeyError", "LookupError"})


def _catches_missing(handler: ast.ExceptHandler) -> bool:
    """Return whether *handler* does something else where a variable is not set."""
    named = [node.id for node in ast.walk(handler.type or handler) if isinstance(node, ast.Name)]
    raises = any(isinstance(node, ast.Raise) for node in ast.walk(handler))
    return not raises and (handler.type is None or not _MISSING.isdisjoint(named))


def _caught(run: Run, types: Value) -> Value:
    """Return what may be caught: what the project makes of *types*, or what nobody knows."""
    every = [types, *(item for atom in types if isinstance(atom, Tuple) for item in atom.items)]
    classes = [atom for value in every for atom in value if isinstance(atom, ClassOf)]
    return join(ANYTHING, *[frozenset(run.engine.instances.get(of, {})) for of in classes])


def _match(run: Run, node: ast.Match) -> bool:
    subject = expressions.evaluate(run, node.subject)

    def case(found: ast.match_case) -> Callable[[], bool]:
        def way() -> bool:
            for part in ast.walk(found.pattern):
                name = getattr(part, "name", None)
                if isinstance(name, str) and part is found.pattern:
                    run.assign(name, subject)
                elif isinstance(name, str):
                    # What is taken out of the subject is not followed.
                    handing.give(run, subject, whole=False)
                    run.assign(name, ANYTHING)
            if found.guard is not None:
                expressions.evaluate(run, found.guard)
            return execute(run, found.body)

        return way

    return _either(run, [*map(case, node.cases), lambda: True])


# --- imports and definitions -------------------------------------------------------------------


def _import(run: Run, node: ast.Import) -> bool:
    for alias in node.names:
        known = run.engine.module(alias.name, run.task)
        top = alias.name if alias.asname else alias.name.partition(".")[0]
        inside = known or top in run.engine.program.sources
        value = frozenset([ModuleOf(top)]) if inside else external(top)
        run.assign(alias.asname or top, value)
    return True


def _import_from(run: Run, node: ast.ImportFrom) -> bool:
    module = absolute(run.source, node.module, node.level)
    inside = run.engine.module(module, run.task)
    for alias in node.names:
        if alias.name == "*":
            _import_all(run, module, inside=inside)
            continue
        whole = f"{module}.{alias.name}" if module else alias.name
        value = NOTHING
        if inside:
            value = run.engine.read(("var", module, alias.name), run.task)
        if not value and run.engine.module(whole, run.task):
            value = frozenset([ModuleOf(whole)])
        if not value:
            value = objects.missing_name(run, module, alias.name) if inside else external(whole)
        run.assign(alias.asname or alias.name, value)
    return True


def _import_all(run: Run, module: str, *, inside: bool) -> None:
    if not inside:
        return
    for name in run.engine.names_of(module, run.task):
        if not name.startswith("_"):
            run.assign(name, run.engine.read(("var", module, name), run.task))


def _function(run: Run, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    run.assign(node.name, define_function(run, node))
    return True


def _class(run: Run, node: ast.ClassDef) -> bool:
    run.assign(node.name, define_class(run, node, execute))
    return True


# Each function takes the kind of statement that it stands beside.
_STATEMENTS: dict[type[ast.stmt], Callable[..., bool]] = {
    ast.AnnAssign: _annotated,
    ast.Assert: _assert,
    ast.Assign: _assign,
    ast.AsyncFor: _for,
    ast.AsyncFunctionDef: _function,
    ast.AsyncWith: _with,
    ast.AugAssign: _augmented,
    ast.Break: _stop,
    ast.ClassDef: _class,
    ast.Continue: _stop,
    ast.Delete: _delete,
    ast.Expr: _expression,
    ast.For: _for,
    ast.FunctionDef: _function,
    ast.Global: _global,
    ast.If: _if,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Match: _match,
    ast.Nonlocal: _nonlocal,
    ast.Raise: _raise,
    ast.Return: _return,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.While: _while,
    ast.With: _with,
}
