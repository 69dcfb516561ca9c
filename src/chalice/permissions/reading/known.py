"""What names of other packages stand for: the SDK's, the environment's, and a few that call back.

All others are unknown: calling them gives anything, or an object if they are written as classes.
"""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

from chalice.config.values import RESERVED_VARIABLES
from chalice.permissions.reading import (
    annotated,
    callbacks,
    containers,
    factories,
    formatting,
    handing,
    injected,
    packages,
    partial,
    sdk,
    sessions,
)
from chalice.permissions.reading.arguments import Arguments
from chalice.permissions.reading.values import (
    ANYTHING,
    HOLE,
    LOST_OBJECTS,
    MOST_ATOMS,
    NOTHING,
    REGION,
    Closure,
    External,
    Generator,
    Instance,
    ModuleOf,
    Partial,
    Record,
    Tuple,
    Unset,
    Use,
    Value,
    external,
    is_sdk,
    is_whole,
    join,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice.permissions.reading.run import Run

#: What is known of the variables that Lambda sets.
_LAMBDA_VARIABLES = {"AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION}
#: Those that it sets and functions may set otherwise. Source: Lambda developer guide, "Defined
#: runtime environment variables", the list of those that are not reserved.
_FREE_VARIABLES = frozenset(
    {
        *("AWS_XRAY_CONTEXT_MISSING", "AWS_XRAY_DAEMON_ADDRESS"),
        *("LANG", "LD_LIBRARY_PATH", "NODE_PATH", "PATH", "PYTHONPATH", "TZ"),
    }
)
_SET_BY_LAMBDA = _FREE_VARIABLES.union(RESERVED_VARIABLES)

_ENVIRON = "os.environ"


def call(run: Run, callee: External, args: Arguments, node: ast.expr) -> Value:
    """Return what calling *callee* gives."""
    found = _CALLS.get(callee.name)
    if found is not None:
        return found(run, args, node)
    for credentials in (sdk.OTHERS, sdk.OWN):
        if callee.name.startswith(credentials):
            return external(credentials)
    top, _, _ = callee.name.partition(".")
    packages.tell(run, top, node)
    if isinstance(node, ast.Call) and top not in sys.stdlib_module_names:
        packages.tell_given(run, top, args, node)
        run.engine.unknown_calls.setdefault(node, run.source.path)
    if top not in _SDKS and _is_written_as_class(callee.name):
        return _made(run, callee, args, node)
    if top == "builtins":
        handing.handed(run, callee, args)
        return ANYTHING
    return sdk.handed(run, callee, args, node)


_SDKS = frozenset({"aioboto3", "aiobotocore", "boto3", "botocore"})


def _is_written_as_class(name: str) -> bool:
    return name.rpartition(".")[2][:1].isupper() or name in _CLASSES


# Classes that are written as functions are.
_CLASSES = frozenset({"collections.defaultdict", "threading.local"})


def _made(run: Run, callee: External, args: Arguments, node: ast.expr) -> Value:
    """Return an object of a class of another package: what it is given by name are attributes."""
    last = callee.name.rpartition(".")[2]
    made = containers.box(run, node)
    run.engine.write(("made by", made), external(_chalice(callee.name)))
    for name, value in args.keywords.items():
        run.engine.write(("attr", made, name), value)
    if last in callbacks.THREADS:
        callbacks.thread(run, args, node, *callbacks.THREADS[last])
    else:
        sdk.handed(run, callee, args, node)
    for factory in args.args[:1] if last == "defaultdict" else ():
        for atom in factory:
            made_by = run.call(atom, Arguments((), {}), node)
            containers.put(run, made, ANYTHING, made_by)
    if last == "defaultdict":
        for value in args.args[1:]:
            containers.fill(run, made, value, node)
        for name, value in args.keywords.items():
            containers.put(run, made, text(name), value)
    return frozenset([made])


def _chalice(name: str) -> str:
    """Return where `Chalice` is, by the name that all of its names have in common."""
    return "chalice.Chalice" if name in ("chalice.app.Chalice", "chalice.Chalice") else name


def item(run: Run, owner: External, keys: Value, node: ast.Subscript) -> Value:
    """Return what `owner[keys]` is."""
    if owner.name == _ENVIRON:
        return _variables(run, keys, NOTHING, node)
    if owner.name == "sys.modules":
        return _imported(run, Arguments((keys,), {}), node)
    return injected.injected(run, owner, keys, node)


def _variables(run: Run, keys: Value, default: Value, node: ast.expr) -> Value:
    found: list[Value] = []
    for key in keys:
        if not isinstance(key, str) or not is_whole(key):
            found.append(ANYTHING)
            continue
        given = run.engine.read(("environ", key), run.task)
        if key in run.engine.environ:
            found.append(join(text(run.engine.environ[key]), given))
        elif key in _LAMBDA_VARIABLES:
            found.append(text(_LAMBDA_VARIABLES[key]))
        elif given:
            found.append(given)
        elif default or key in _SET_BY_LAMBDA:
            found.append(default or ANYTHING)
        else:
            run.engine.notes.variable_missing(key, run.place(node), run.task)
            unset: Value = frozenset([Unset(key, run.place(node))])
            found.append(unset)
            if run.has_default:
                run.engine.notes.default(unset)
    return join(NOTHING, *found)


def _default_variable(run: Run, args: Arguments, node: ast.expr) -> Value:
    """Take note of what a variable is that the stage does not set: `os.environ.setdefault`."""
    for key in args.get(0, "key"):
        if isinstance(key, str) and key not in run.engine.environ:
            run.engine.write(("environ", key), args.get(1, "default"))
    return _getenv(run, args, node)


def _getenv(run: Run, args: Arguments, node: ast.expr) -> Value:
    default = args.get(1, "default")
    default = frozenset(atom for atom in default if atom is not None)
    return _variables(run, args.get(0, "key"), default, node)


# --- what calls its arguments, or passes them on -----------------------------------------------


def _partial(run: Run, args: Arguments, node: ast.expr) -> Value:
    del run, node
    keywords = args.kept()
    return frozenset(Partial(atom, args.args[1:], keywords) for atom in args.get(0, "func"))


def _later(name: str) -> Callable[[Run, Arguments, ast.expr], Value]:
    """Return what remembers its arguments for the call *name*, which knows the object as well."""

    def found(run: Run, args: Arguments, node: ast.expr) -> Value:
        del run, node
        keywords = args.kept()
        return frozenset(Partial(atom, args.args, keywords) for atom in external(name))

    return found


def _method_called(run: Run, args: Arguments, node: ast.expr) -> Value:
    name, *given, owner = args.args if len(args.args) > 1 else (ANYTHING, ANYTHING)
    method = _getattr(run, Arguments((owner, name), {}), node)
    inner = Arguments(tuple(given), args.keywords, args.rest, args.others, args.optional)
    return join(NOTHING, *[run.call(atom, inner, node) for atom in method])


def _kind(kind: str) -> Callable[[Run, Arguments, ast.expr], Value]:
    """Return what makes of functions what decorators of the same name do: `property(f)`."""

    def found(run: Run, args: Arguments, node: ast.expr) -> Value:
        del run, node
        functions = args.get(0, "fget")
        for atom in functions:
            if isinstance(atom, Closure):
                atom.info.kind = kind
        return functions

    return found


def _first(run: Run, args: Arguments, node: ast.expr) -> Value:
    del run, node
    return args.get(0, "")


def _imported(run: Run, args: Arguments, node: ast.expr) -> Value:
    found: list[Value] = []
    for name in args.get(0, "name"):
        if isinstance(name, External) and name.name == "builtins.__name__":
            found.append(_globals(run, args, node))
        elif not isinstance(name, str) or not is_whole(name):
            found.append(_any_module(run, name if isinstance(name, str) else HOLE))
        elif not name or name.startswith("."):
            found.append(ANYTHING)
        elif run.engine.module(name, run.task):
            found.append(frozenset([ModuleOf(name)]))
        else:
            found.append(external(name))
    return join(NOTHING, *found)


def _any_module(run: Run, name: str) -> Value:
    """Return the modules of the project that *name*, of which a part is not known, may be."""
    if name.startswith(HOLE):
        # Functions of the project are found by the names that it is asked for.
        return ANYTHING | {LOST_OBJECTS}
    likely = partial.pattern(name, r"\w+")
    names = [item for item in run.engine.program.sources if likely.fullmatch(item)]
    known = frozenset(ModuleOf(item) for item in names if run.engine.module(item, run.task))
    return known or ANYTHING


def _globals(run: Run, args: Arguments, node: ast.expr) -> Value:
    del args, node
    return frozenset([ModuleOf(run.source.name)])


def _names(run: Run, args: Arguments, node: ast.expr) -> Value:
    """Return the names of an object as a dict, or those of the body that runs."""
    if args.args:
        owners = args.args[0]
        return join(
            NOTHING, *[run.language.attribute(run, atom, "__dict__", node) for atom in owners]
        )
    if run.task.closure is None:
        return _globals(run, args, node)
    return frozenset([Record(tuple(sorted(run.env.items())))])


def _cast(run: Run, args: Arguments, node: ast.expr) -> Value:
    value = args.get(1, "val")
    written = node.args[0] if isinstance(node, ast.Call) and node.args else None
    if len(args.args) == 2 and isinstance(written, ast.expr):
        return annotated.refined(run, value, written)
    return value


def _getattr(run: Run, args: Arguments, node: ast.expr) -> Value:
    found: list[Value] = [args.args[2]] if len(args.args) > 2 else []
    for owner in args.get(0, ""):
        for name in args.get(1, ""):
            if isinstance(name, str) and is_whole(name):
                found.append(run.language.attribute(run, owner, name, node))
            elif owner is LOST_OBJECTS:
                _any_function(run, node)
                found.append(ANYTHING)
            elif is_sdk(owner):
                sdk.dynamic(run, owner, node)
                found.append(ANYTHING)
            else:
                found.append(handing.named_like(run, owner, name, node))
    return join(NOTHING, *found)


def _any_function(run: Run, node: ast.expr) -> None:
    summary = "which function of which module is meant here is only known when it runs"
    hint = "what it calls may need more than the policy has: write that into a file of your own"
    run.engine.notes.problem("policy-dynamic", summary, run.place(node), hint)


def _attribute_of(run: Run, args: Arguments, node: ast.expr) -> Value:
    return (
        _getattr(run, Arguments((args.args[-1], args.args[0]), {}), node) if args.args else ANYTHING
    )


def _setattr(run: Run, args: Arguments, node: ast.expr) -> Value:
    del node
    for owner in args.get(0, ""):
        for name in args.get(1, ""):
            if isinstance(name, str) and is_whole(name):
                run.language.write(run, owner, name, args.get(2, ""))
            elif isinstance(owner, Instance) and isinstance(name, str) and name != HOLE:
                # Under names of which nothing is known, objects keep the data of a record.
                handing.write_like(run, owner, name, args.get(2, ""))
    return frozenset([None])


def _gathered(run: Run, args: Arguments, node: ast.expr) -> Value:
    del run, node
    return frozenset([Tuple(args.args, args.rest)])


def _next(run: Run, args: Arguments, node: ast.expr) -> Value:
    return join(containers.iterated(run, args.get(0, ""), node), args.get(1, ""))


def _enumerated(run: Run, args: Arguments, node: ast.expr) -> Value:
    items = containers.iterated(run, args.get(0, ""), node)
    return frozenset([Generator(frozenset([Tuple((ANYTHING, items))]))])


def _zipped(run: Run, args: Arguments, node: ast.expr) -> Value:
    rest = containers.iterated(run, args.rest, node)
    each = [containers.sequence(run, arg) for arg in args.args]
    known = [items for items in each if items is not None]
    if known and len(known) == len(args.args) and not rest:
        # What stands at one place stays together.
        rows = [Tuple(row) for row in zip(*known, strict=False)]
        if len(rows) <= MOST_ATOMS:
            return frozenset([Generator(frozenset(rows))])
    items = tuple(containers.iterated(run, arg, node) for arg in args.args)
    return frozenset([Generator(frozenset([Tuple(items, rest)]))])


def _dict(run: Run, args: Arguments, node: ast.expr) -> Value:
    made = containers.box(run, node)
    for value in args.args[:1]:
        containers.fill(run, made, value, node)
    first = containers.certain(run, args.args[0]) if args.args else NOTHING
    containers.keep(run, made, first.union(args.keywords.keys() - args.optional))
    for name, value in args.keywords.items():
        containers.put(run, made, text(name), value)
    return frozenset([made])


def _text(run: Run, args: Arguments, node: ast.expr) -> Value:
    del run, node
    found = args.get(0, "object")
    return frozenset(str(atom) if isinstance(atom, str | int) else HOLE for atom in found)


def _chained(run: Run, args: Arguments, node: ast.expr) -> Value:
    items = [containers.iterated(run, arg, node) for arg in args.args]
    return frozenset([Generator(join(NOTHING, *items))])


def _websocket(operation: str) -> Callable[[Run, Arguments, ast.expr], Value]:
    def found(run: Run, args: Arguments, node: ast.expr) -> Value:
        params = (("ConnectionId", args.get(0, "connection_id")),)
        service = "apigatewaymanagementapi"
        run.use(Use(service, operation, params, run.source.path, node))
        return ANYTHING

    return found


_CALLS: dict[str, Callable[[Run, Arguments, ast.expr], Value]] = {
    **packages.CALLS,
    **callbacks.CALLS,
    **sessions.CALLS,
    **factories.CALLS,
    **formatting.CALLS,
    **injected.CALLS,
    "asyncio.create_task": _first,
    "asyncio.ensure_future": _first,
    "asyncio.gather": _gathered,
    "asyncio.run": _first,
    "asyncio.shield": _first,
    "asyncio.run_coroutine_threadsafe": _first,
    "asyncio.wait_for": _first,
    "builtins.__import__": _imported,
    "builtins.classmethod": _kind("class"),
    "builtins.dict": _dict,
    "builtins.enumerate": _enumerated,
    "builtins.getattr": _getattr,
    "builtins.globals": _globals,
    "builtins.locals": _names,
    "builtins.next": _next,
    "builtins.property": _kind("property"),
    "builtins.setattr": _setattr,
    "builtins.staticmethod": _kind("static"),
    "builtins.str": _text,
    "builtins.vars": _names,
    "builtins.zip": _zipped,
    "collections.OrderedDict": _dict,
    "collections.UserDict": _dict,
    "contextlib.closing": _first,
    "copy.copy": _first,
    "copy.deepcopy": _first,
    "chalice.websocket_api.close": _websocket("DeleteConnection"),
    "chalice.websocket_api.info": _websocket("GetConnection"),
    "chalice.websocket_api.send": _websocket("PostToConnection"),
    "functools.partial": _partial,
    "functools.partialmethod": _later("functools.partialmethod()"),
    "importlib.import_module": _imported,
    "itertools.chain": _chained,
    "operator.attrgetter": _later("operator.attrgetter()"),
    "operator.attrgetter()": _attribute_of,
    "operator.methodcaller": _later("operator.methodcaller()"),
    "operator.methodcaller()": _method_called,
    "os.environ.get": _getenv,
    "os.environ.pop": _getenv,
    "os.environ.setdefault": _default_variable,
    "os.getenv": _getenv,
    "types.MappingProxyType": _dict,
    "typing.cast": _cast,
    "typing_extensions.cast": _cast,
}
