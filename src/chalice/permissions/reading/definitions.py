"""Functions and classes as they are made, with what their decorators make of them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from chalice.permissions.reading import handing, packages, settings
from chalice.permissions.reading.arguments import Arguments
from chalice.permissions.reading.program import ClassInfo, FunctionInfo
from chalice.permissions.reading.run import Run
from chalice.permissions.reading.values import (
    NOTHING,
    UNKNOWN,
    Bound,
    ClassOf,
    Closure,
    External,
    Instance,
    Partial,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# What a Chalice application calls by itself. Source: docs/reference, "Chalice".
_ENTRIES = frozenset(
    {
        "authorizer",
        "lambda_function",
        "middleware",
        "on_cw_event",
        "on_dynamodb_record",
        "on_kinesis_record",
        "on_s3_event",
        "on_sns_message",
        "on_sqs_message",
        "on_ws_connect",
        "on_ws_disconnect",
        "on_ws_message",
        "route",
        "schedule",
    }
)

_KINDS = {
    "builtins.property": "property",
    "functools.cached_property": "property",
    "builtins.staticmethod": "static",
    "builtins.classmethod": "class",
}

# What other packages call a property that is computed once. Sources: cached-property, Django,
# Werkzeug, boltons, astropy and Pyramid, which call it so.
_CACHED = frozenset({"cached_property", "cachedproperty", "lazyproperty", "reify"})

_CALLABLE = (Closure, Bound, Instance, ClassOf, Partial)


def define_function(run: Run, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Value:
    """Return what the name of the function *node* means after its decorators."""
    info = _info(run, node.name, node)
    info.owner = run.klass
    value = _closure(run, info)
    made, called = set(value), set[object]()
    for decorator in reversed(node.decorator_list):
        value = _decorated(run, info, value, decorator)
        # What is made of what the framework has, is the handler of a module that is imported.
        (called if info.entry else made).update(value)
    if info.entry:
        run.engine.handlers.declare(info, made, called)
    return value


def define_lambda(run: Run, node: ast.Lambda) -> Value:
    """Return the function that *node* makes."""
    return _closure(run, _info(run, "<lambda>", node))


def _info(
    run: Run, name: str, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
) -> FunctionInfo:
    found = run.engine.infos.get(node)
    if found is None:
        found = run.engine.infos[node] = FunctionInfo(name, run.source, node)
        run.engine.unread += found.lines
    return found


def _closure(run: Run, info: FunctionInfo) -> Value:
    outer = None
    if run.task.closure is not None:
        run.share()
        outer = run.task
    closure = run.engine.made(info, outer)
    args = info.node.args
    named = [item.arg for item in (*args.posonlyargs, *args.args)]
    with_default = zip(named[len(named) - len(args.defaults) :], args.defaults, strict=True)
    only = zip(args.kwonlyargs, args.kw_defaults, strict=True)
    for name, default in (*with_default, *((item.arg, value) for item, value in only)):
        if default is not None:
            value = run.evaluate(default)
            run.engine.write(("default", closure, name), value)
    return frozenset([closure])


def _decorated(run: Run, info: FunctionInfo, value: Value, decorator: ast.expr) -> Value:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    found = run.evaluate(decorator)
    for atom in found:
        if isinstance(atom, External):
            is_cached = atom.name.rpartition(".")[2] in _CACHED
            info.kind = "property" if is_cached else _KINDS.get(atom.name, info.kind)
    if isinstance(called, ast.Attribute):
        if called.attr in _ENTRIES:
            info.entry, info.called = called.attr, _called(info, decorator)
            for atom in run.evaluate(called.value):
                run.engine.declared.setdefault(atom, set()).add(info)
        if called.attr in ("setter", "deleter"):
            info.kind = "setter"
            return run.env.get(info.name, value)
    if not found <= {None} and not info.entry and not _keeps(run, found, called):
        handing.give(run, value, defined=True)
    return _called_with(run, value, found, decorator)


def _keeps(run: Run, found: Value, called: ast.expr) -> bool:
    """Return whether those alone call a function who call what a decorator makes of it."""
    if all(isinstance(atom, _CALLABLE) for atom in found):
        return True
    heads = found if not any(atom is UNKNOWN for atom in found) else run.evaluate(called)
    return bool(heads) and all(
        isinstance(atom, _CALLABLE) or handing.keeps(run.engine, atom) for atom in heads
    )


def _called_with(run: Run, value: Value, found: Value, decorator: ast.expr) -> Value:
    """Return what decorators of the project make of *value*; as it is where there are none."""
    made: set[object] = set()
    for atom in found:
        if isinstance(atom, _CALLABLE):
            # A decorator that is read for all functions together gives each of them back for each.
            others = run.engine.decorated.setdefault(atom, set())
            others.update(value)
            result = run.call(atom, Arguments((value,), {}), decorator)
            made.update(one for one in result if one not in others or one in value)
    made = {atom for atom in made if isinstance(atom, _CALLABLE)}
    return frozenset(made) or value


def _called(info: FunctionInfo, decorator: ast.expr) -> str:
    """Return the name of the function of Lambda that *decorator* makes."""
    for value in _names(decorator):
        if isinstance(value, ast.Constant):
            return str(value.value)
    return info.name


def _names(decorator: ast.expr) -> list[ast.expr]:
    """Return what *decorator* names the function of Lambda, if it does."""
    keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
    return [keyword.value for keyword in keywords if keyword.arg in ("name", None)]


def registered(run: Run, node: ast.expr, value: Value) -> Value:
    """Return the functions in *value* that *node* gives to the framework.

    They are given as a decorator is: `app.lambda_function(name="late")(late)`.
    """
    decorator = node.func if isinstance(node, ast.Call) else None
    if not isinstance(decorator, ast.Call) or not isinstance(decorator.func, ast.Attribute):
        return NOTHING
    entry, names = decorator.func.attr, _names(decorator)
    is_known = all(isinstance(name, ast.Constant) for name in names)
    if entry not in _ENTRIES or not is_known or (decorator.args and entry == "lambda_function"):
        return NOTHING
    named = next((str(name.value) for name in names if isinstance(name, ast.Constant)), "")
    found: set[object] = set()
    for atom in value:
        info = run.engine.handlers.register(decorator, atom, entry, named)
        if info is not None:
            found.add(atom)
            for owner in run.evaluate(decorator.func.value):
                run.engine.declared.setdefault(owner, set()).add(info)
    return frozenset(found)


def define_class(
    run: Run, node: ast.ClassDef, execute: Callable[[Run, Sequence[ast.stmt]], bool]
) -> Value:
    """Return the class that *node* makes; its body runs at once."""
    engine = run.engine
    info = engine.classes.setdefault(node, ClassInfo(node.name, run.source, node))
    in_function = run.task.closure is not None
    of = engine.class_of(info, run.task if in_function else None)
    if in_function:
        run.share()
    bases = [run.evaluate(base) for base in node.bases]
    for written, base in zip(node.bases, bases, strict=True):
        for atom in base:
            if isinstance(atom, External):
                packages.tell(run, atom.name.partition(".")[0], written)
    engine.inherit(of, bases)
    info.fields.clear()
    body = Run(engine, run.task, run.language, klass=info, of=of, uses=run.uses)
    # A body sees the names around it, and gives its own to the class alone.
    body.env = {**run.env} if in_function else {}
    around = dict(body.env)
    execute(body, node.body)
    body.env.update(settings.variables(body, of))
    for name, value in body.env.items():
        if around.get(name) is not value:
            engine.write(("attr", of, name), value)
            engine.defining.setdefault(name, {})[of] = None
            engine.defined.setdefault(of, {})[name] = None
    _tell_bases(run, of, node)
    engine.instances.setdefault(of, {})
    _enumerate(
        run, of, [value for name, value in body.env.items() if around.get(name) is not value]
    )
    if _is_open(run, node, bases):
        engine.open[of] = None
        handing.give(run, frozenset(handing.methods(engine, of)), whole=False, defined=True)
    return _handed_on(run, node, of)


def _handed_on(run: Run, node: ast.ClassDef, of: ClassOf) -> Value:
    """Return what the name of a class means after its metaclass and its decorators had it."""
    value: Value = frozenset([of])
    metaclasses = [item.value for item in node.keywords if item.arg == "metaclass"]
    if any(_is_told(run, atom) for item in metaclasses for atom in run.evaluate(item)):
        handing.give(run, value, defined=True)
    for item in reversed(node.decorator_list):
        found = run.evaluate(item)
        if not _keeps(run, found, item.func if isinstance(item, ast.Call) else item):
            handing.give(run, value, defined=True)
        value = _called_with(run, value, found, item)
    return value


def _is_open(run: Run, node: ast.ClassDef, bases: Sequence[Value]) -> bool:
    """Return whether a class has a base that may call what it defines."""
    for written, base in zip(node.bases, bases, strict=True):
        # `Generic[T]` is what `Generic` is.
        heads = run.evaluate(written.value) if isinstance(written, ast.Subscript) else base
        if not heads or any(handing.is_open(run.engine, atom) for atom in heads):
            return True
    return False


def _is_told(run: Run, metaclass: object) -> bool:
    """Return whether a metaclass is given the classes that it makes, or may call them."""
    if not isinstance(metaclass, ClassOf):
        return handing.is_open(run.engine, metaclass)
    begins = ("__init__", "__new__")
    return any(run.engine.inherited(metaclass, name, run.task) for name in begins)


def _tell_bases(run: Run, of: ClassOf, node: ast.ClassDef) -> None:
    """Call what the nearest base has to be told of each class below it."""
    given = {item.arg: run.evaluate(item.value) for item in node.keywords if item.arg}
    for base in run.engine.lineage(of, run.task)[1:]:
        found = run.engine.read(("attr", base, "__init_subclass__"), run.task)
        for atom in found:
            if isinstance(atom, Closure):
                run.call(Bound(atom, of), Arguments((), given), node.bases[0])
        if found:
            return


# Source: enum, "Module Contents".
_ENUMERATIONS = frozenset(
    {"enum.Enum", "enum.Flag", "enum.IntEnum", "enum.IntFlag", "enum.ReprEnum", "enum.StrEnum"}
)


# What the body of an enumeration has besides members.
_NO_MEMBERS = (Bound, Closure, ClassOf, Partial)


def _enumerate(run: Run, of: ClassOf, values: Sequence[Value]) -> None:
    """Take note of the members of an enumeration: what they are is their values.

    Most are texts, and are given as texts; what else the class says of them is found by those.
    """
    engine = run.engine
    if engine.outside(of).isdisjoint(_ENUMERATIONS):
        return
    for value in values:
        members = frozenset(
            atom if isinstance(atom, str | int) else UNKNOWN
            for atom in value
            if not isinstance(atom, _NO_MEMBERS)
        )
        engine.write(("members", of), members)
        for atom in members:
            if isinstance(atom, str):
                engine.members.setdefault(atom, {})[of] = None
