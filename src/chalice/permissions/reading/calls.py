"""What calls come to: functions and classes of the project, and methods of what it holds."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from chalice.permissions.reading import (
    callbacks,
    containers,
    handing,
    known,
    methods,
    objects,
    sdk,
    settings,
)
from chalice.permissions.reading.arguments import Arguments
from chalice.permissions.reading.definitions import registered
from chalice.permissions.reading.engine import bind
from chalice.permissions.reading.values import (
    ANYTHING,
    LOST_FUNCTIONS,
    NOTHING,
    SDK,
    UNKNOWN,
    Bound,
    ClassOf,
    Closure,
    External,
    Instance,
    MethodOf,
    Partial,
    Record,
    Super,
    Tuple,
    Value,
    is_sdk,
    join,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice.permissions.reading.run import Run


def call(run: Run, callee: object, args: Arguments, node: ast.expr) -> Value:
    """Return what calling *callee* with *args* gives."""
    found = _KINDS.get(type(callee))
    if found is not None:
        return found(run, callee, args, node)
    if callee is LOST_FUNCTIONS:
        _escape(run, args, node)
    if callee is UNKNOWN and isinstance(node, ast.Call):
        handlers = registered(run, node, args) if type(node.func) is ast.Call else NOTHING
        if handlers:
            return handlers
        if not isinstance(node.func, ast.Attribute):
            run.engine.unknown_calls.setdefault(node, run.source.path)
    return NOTHING if callee is None else sdk.handed(run, callee, args, node)


def _closure(run: Run, callee: Closure, args: Arguments, node: ast.expr) -> Value:
    del node
    return _function(run, callee, None, args)


def _bound(run: Run, callee: Bound, args: Arguments, node: ast.expr) -> Value:
    del node
    return _function(run, callee.function, callee.owner, args)


def _instance(run: Run, callee: Instance, args: Arguments, node: ast.expr) -> Value:
    del node
    found = objects.method(run, callee.of, "__call__")
    return join(
        NOTHING,
        *[_function(run, atom, callee, args) for atom in found if isinstance(atom, Closure)],
    )


def _partial(run: Run, callee: Partial, args: Arguments, node: ast.expr) -> Value:
    keywords = {**dict(callee.keywords), **args.keywords}
    positional = (*callee.args, *args.args)
    whole = Arguments(positional, keywords, args.rest, args.others, args.optional)
    return call(run, callee.function, whole, node)


def _of_sdk(run: Run, callee: object, args: Arguments, node: ast.expr) -> Value:
    return sdk.call(run, callee, "", args, node)


def _escape(run: Run, args: Arguments, node: ast.expr) -> None:
    """Remember what one of very many functions is given, for those that nobody else calls."""
    run.engine.notes.lost(run.place(node))
    given = join(args.rest, args.others, *args.args, *args.keywords.values())
    found = frozenset(atom for atom in given if is_sdk(atom))
    run.engine.escaped = join(run.engine.escaped, found)


def _function(run: Run, closure: Closure, owner: object, args: Arguments) -> Value:
    positional = args.args
    if owner is not None:
        positional = (frozenset([owner]), *positional)
    params, extra, others = bind(closure, positional, args.keywords)
    if args.optional or args.rest or args.others:
        _add_possible(run, closure, params, args, len(positional))
    node = closure.info.node.args
    if node.vararg is not None:
        params[node.vararg.arg] = frozenset([Tuple(extra, args.rest)])
    if node.kwarg is not None:
        items = tuple(sorted(others.items()))
        if args.optional:
            items = tuple(item for item in args.kept() if item[0] in others)
        params[node.kwarg.arg] = frozenset([Record(items, args.others)])
    return run.engine.call(closure, params, owner, run.task)


def _add_possible(
    run: Run, closure: Closure, params: dict[str, Value], args: Arguments, count: int
) -> None:
    """Add what may be among *args*, of which *count* are given by position, to *params*."""
    for name in args.optional & params.keys():
        default = run.engine.read(("default", closure, name), run.task)
        params[name] = join(params[name], default)
    if args.rest:
        for name in closure.info.positional[count:]:
            params[name] = join(params.get(name, NOTHING), args.rest)
    if args.others:
        for item in closure.info.params:
            if item.arg not in params:
                params[item.arg] = args.others


def _member(members: Value, given: Value) -> Value:
    """Return the members of an enumeration that have one of the values *given*."""
    return given if members.issuperset(given) else members


def _instantiate(run: Run, of: ClassOf, args: Arguments, node: ast.expr) -> Value:
    members = run.engine.look(("members", of)) if run.engine.members else NOTHING
    if members and args.args:
        return _member(members, args.args[0])
    inside = run.task if run.task.closure is not None else None
    made = run.engine.instance(of, (node, inside))
    value: Value = frozenset([made])
    for atom in objects.method(run, of, "__new__"):
        if isinstance(atom, Closure):
            found = _function(run, atom, of, args)
            value = frozenset(item for item in found if is_sdk(item) or isinstance(item, Instance))
            value = value or frozenset([made])
    begins = objects.method(run, of, "__init__")
    for instance in (atom for atom in value if isinstance(atom, Instance)):
        for atom in begins:
            if isinstance(atom, Closure):
                _function(run, atom, instance, args)
        if not begins:
            _fill(run, of, instance, args)
        for atom in objects.method(run, of, "__post_init__"):
            if isinstance(atom, Closure):
                _function(run, atom, instance, Arguments((), {}))
    return value


def _fill(run: Run, of: ClassOf, instance: object, args: Arguments) -> None:
    """Give a data class, or settings, its fields."""
    if "_env_prefix" in args.keywords:
        settings.with_prefix(run, of, instance, args.keywords["_env_prefix"])
    lineage = list(objects.lineage(run, of))
    fields = list(dict.fromkeys(name for item in reversed(lineage) for name in item.info.fields))
    for name, value in zip(fields, args.args, strict=False):
        objects.write(run, instance, name, value)
    for name, value in args.keywords.items():
        # `attrs` takes the value of `_name` as `name`. Source: attrs, "Private Attributes".
        is_private = name not in fields and f"_{name}" in fields
        objects.write(run, instance, f"_{name}" if is_private else name, value)


def _of_super(run: Run, owner: Super, callee: MethodOf, args: Arguments, node: ast.expr) -> Value:
    """Return what a method gives that no base of the project has."""
    name = callee.name
    if name == "__new__":
        made = [atom for atom in args.get(0, "cls") if isinstance(atom, ClassOf)]
        return frozenset(run.engine.instance(of, node) for of in made)
    if name == "__init__" and objects.session_of(run, owner.of):
        region = sdk.region_named(args, 3)
        objects.write(run, owner.owner, "region_name", region or frozenset([None]))
    handing.handed(run, callee, args)
    return ANYTHING


def _of_function(
    run: Run, owner: Closure, callee: MethodOf, args: Arguments, node: ast.expr
) -> Value:
    """Return what `function.delay` gives: whoever calls it, calls the function."""
    if callee.name == "__wrapped__":
        return call(run, owner, args, node)
    if callee.name not in _OF_CACHES:
        handing.give(run, frozenset([owner]))
    handing.handed(run, callee, args)
    if isinstance(node, ast.Call):
        run.engine.unknown_calls.setdefault(node, run.source.path)
    return ANYTHING


def _method(run: Run, callee: MethodOf, args: Arguments, node: ast.expr) -> Value:
    owner = callee.owner
    if is_sdk(owner):
        return sdk.call(run, owner, callee.name, args, node)
    if isinstance(owner, Super):
        return _of_super(run, owner, callee, args, node)
    if isinstance(owner, Closure):
        return _of_function(run, owner, callee, args, node)
    if callee.name == "register_blueprint":
        for blueprint in args.get(0, "blueprint"):
            run.engine.write(("prefix", blueprint), args.get(1, "name_prefix"))
            objects.write(run, blueprint, "current_app", frozenset([owner]))
    if (
        isinstance(node, ast.Call)
        and not containers.is_plain(run, owner)
        and not (callee.name in _OF_THREADS and _is_thread(run, owner))
    ):
        run.engine.unknown_calls.setdefault(node, run.source.path)
    found = methods.call(run, owner, callee.name, args, node)
    return sdk.handed(run, callee, args, node) if found is ANYTHING else found


# What threads are told, and instances of EC2 too.
_OF_THREADS = frozenset({"start", "terminate"})


def _is_thread(run: Run, owner: object) -> bool:
    top, _, kind = handing.name_of(run.engine, owner).rpartition(".")
    return top in ("multiprocessing", "threading") and kind in callbacks.THREADS


# What decorators give a function that does not call it. Source: functools, `lru_cache`,
# `singledispatch`.
_OF_CACHES = frozenset({"cache_clear", "cache_info", "cache_parameters", "dispatch", "register"})


# Each function takes the kind of thing that it stands beside.
_KINDS: dict[type, Callable[..., Value]] = {
    Bound: _bound,
    ClassOf: _instantiate,
    Closure: _closure,
    External: known.call,
    Instance: _instance,
    MethodOf: _method,
    Partial: _partial,
    **dict.fromkeys(SDK, _of_sdk),
}
