"""What names of other packages stand for: the SDK's, the environment's, and a few that call back.

All others are unknown: calling them gives anything, or an object if they are written as classes.
"""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

from chalice.config.keys import RESERVED_VARIABLES
from chalice.permissions.reading import annotated, containers, factories, methods, powertools, sdk
from chalice.permissions.reading.arguments import Arguments
from chalice.permissions.reading.values import (
    ANYTHING,
    HOLE,
    NOTHING,
    REGION,
    External,
    Generator,
    ModuleOf,
    Partial,
    Record,
    Session,
    Tuple,
    Use,
    Value,
    external,
    is_sdk,
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
    if callee.name.startswith(sdk.OTHERS):
        return external(sdk.OTHERS)
    top, _, _ = callee.name.partition(".")
    last = callee.name.rpartition(".")[2]
    if isinstance(node, ast.Call) and top not in sys.stdlib_module_names:
        run.engine.unknown_calls.setdefault(node, run.source.path)
    if callee.name.startswith(("boto3.", "botocore.", "aioboto3.", "aiobotocore.")):
        return ANYTHING
    if last[:1].isupper() or callee.name in ("threading.local", "collections.defaultdict"):
        made = containers.box(run, node)
        run.engine.write(("made by", made), external(_chalice(callee.name)))
        for name, value in args.keywords.items():
            run.engine.write(("attr", made, name), value)
        if last == "Thread":
            _thread(run, args, node)
        for factory in args.args if last == "defaultdict" else ():
            for atom in factory:
                made_by = run.call(atom, Arguments((), {}), node)
                containers.put(run, made, ANYTHING, made_by)
        return frozenset([made])
    return ANYTHING


def _chalice(name: str) -> str:
    """Return where `Chalice` is, by the name that all of its names have in common."""
    return "chalice.Chalice" if name in ("chalice.app.Chalice", "chalice.Chalice") else name


def item(run: Run, owner: External, keys: Value, node: ast.Subscript) -> Value:
    """Return what `owner[keys]` is."""
    if owner.name == _ENVIRON:
        return _variables(run, keys, None, node)
    return ANYTHING


def _variables(run: Run, keys: Value, default: Value | None, node: ast.expr) -> Value:
    found: list[Value] = []
    for key in keys:
        if not isinstance(key, str) or HOLE in key:
            found.append(ANYTHING)
            continue
        given = run.engine.read(("environ", key), run.task)
        if key in run.engine.environ:
            found.append(text(run.engine.environ[key]))
        elif key in _LAMBDA_VARIABLES:
            found.append(text(_LAMBDA_VARIABLES[key]))
        elif given:
            found.append(given)
        elif default is not None:
            found.append(default or ANYTHING)
        else:
            found.append(ANYTHING)
            if key not in _SET_BY_LAMBDA and isinstance(node, ast.Subscript):
                run.engine.notes.variable_missing(key, run.place(node), run.task)
    return join(NOTHING, *found)


def _getenv(run: Run, args: Arguments, node: ast.expr) -> Value:
    default = args.get(1, "default")
    default = frozenset(atom for atom in default if atom is not None)
    return _variables(run, args.get(0, "key"), default, node)


# --- sessions ----------------------------------------------------------------------------------


_DEFAULT_SESSION = ("default session",)


def _session(run: Run, args: Arguments, node: ast.expr) -> Value:
    if sdk.is_early(run, args, node):
        return NOTHING
    # Source: boto3 reference, `boto3.session.Session`: the access key is the first argument.
    if sdk.is_of_others(run, args.get(0, "aws_access_key_id"), node):
        return external(sdk.OTHERS)
    return frozenset([Session(sdk.region_of(args.get(3, "region_name"), ""))])


def _default_session(run: Run) -> Session:
    """Return the session of `boto3.client`: in any region once the program has set it up."""
    return Session("*" if run.engine.read(_DEFAULT_SESSION, run.task) else "")


def _set_up(run: Run, args: Arguments, node: ast.expr) -> Value:
    del node
    if args.get(3, "region_name"):
        # Which clients have been made before, nobody knows.
        run.engine.write(_DEFAULT_SESSION, ANYTHING)
    return frozenset([None])


def _client(run: Run, args: Arguments, node: ast.expr) -> Value:
    return sdk.call(run, _default_session(run), "client", args, node)


def _resource(run: Run, args: Arguments, node: ast.expr) -> Value:
    return sdk.call(run, _default_session(run), "resource", args, node)


def _config(run: Run, args: Arguments, node: ast.expr) -> Value:
    del run, node
    region = args.keywords.get("region_name", args.others or frozenset([None]))
    return frozenset([Record((("region_name", region),))])


# --- what calls its arguments, or passes them on -----------------------------------------------


def _partial(run: Run, args: Arguments, node: ast.expr) -> Value:
    del run, node
    keywords = tuple(sorted(args.keywords.items()))
    return frozenset(Partial(atom, args.args[1:], keywords) for atom in args.get(0, "func"))


def _later(name: str) -> Callable[[Run, Arguments, ast.expr], Value]:
    """Return what remembers its arguments for the call *name*, which knows the object as well."""

    def found(run: Run, args: Arguments, node: ast.expr) -> Value:
        del run, node
        keywords = tuple(sorted(args.keywords.items()))
        return frozenset(Partial(atom, args.args, keywords) for atom in external(name))

    return found


def _method_called(run: Run, args: Arguments, node: ast.expr) -> Value:
    name, *given, owner = args.args if len(args.args) > 1 else (ANYTHING, ANYTHING)
    method = _getattr(run, Arguments((owner, name), {}), node)
    inner = Arguments(tuple(given), args.keywords, args.rest, args.others)
    return join(NOTHING, *[run.call(atom, inner, node) for atom in method])


def _first(run: Run, args: Arguments, node: ast.expr) -> Value:
    del run, node
    return args.get(0, "")


def _imported(run: Run, args: Arguments, node: ast.expr) -> Value:
    del node
    found: list[Value] = []
    for name in args.get(0, "name"):
        if not isinstance(name, str) or HOLE in name or not name or name.startswith("."):
            found.append(ANYTHING)
        elif run.engine.module(name, run.task):
            found.append(frozenset([ModuleOf(name)]))
        else:
            found.append(external(name))
    return join(NOTHING, *found)


def _globals(run: Run, args: Arguments, node: ast.expr) -> Value:
    del args, node
    return frozenset([ModuleOf(run.source.name)])


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
            if isinstance(name, str) and HOLE not in name:
                found.append(run.language.attribute(run, owner, name, node))
            elif is_sdk(owner):
                sdk.dynamic(run, owner, node)
                found.append(ANYTHING)
            else:
                found.append(ANYTHING)
    return join(NOTHING, *found)


def _attribute_of(run: Run, args: Arguments, node: ast.expr) -> Value:
    return (
        _getattr(run, Arguments((args.args[-1], args.args[0]), {}), node) if args.args else ANYTHING
    )


def _setattr(run: Run, args: Arguments, node: ast.expr) -> Value:
    del node
    for owner in args.get(0, ""):
        for name in args.get(1, ""):
            if isinstance(name, str) and HOLE not in name:
                run.language.write(run, owner, name, args.get(2, ""))
    return frozenset([None])


def _map(run: Run, args: Arguments, node: ast.expr) -> Value:
    return frozenset([Generator(methods.each(run, args.get(0, ""), list(args.args[1:]), node))])


def _filter(run: Run, args: Arguments, node: ast.expr) -> Value:
    methods.each(run, args.get(0, ""), list(args.args[1:2]), node)
    return frozenset([Generator(containers.iterated(run, args.get(1, ""), node))])


def _in_thread(run: Run, args: Arguments, node: ast.expr) -> Value:
    found = [run.call(atom, args.after(1), node) for atom in args.get(0, "func")]
    return join(NOTHING, *found)


def _thread(run: Run, args: Arguments, node: ast.expr) -> None:
    given = containers.sequence(run, args.keywords.get("args", NOTHING))
    named, _ = containers.named(run, args.keywords.get("kwargs", NOTHING))
    for atom in args.keywords.get("target", NOTHING):
        run.call(atom, Arguments(tuple(given or ()), named), node)


def _gathered(run: Run, args: Arguments, node: ast.expr) -> Value:
    del run, node
    return frozenset([Tuple(args.args, args.rest)])


def _iterated(run: Run, args: Arguments, node: ast.expr) -> Value:
    items = containers.iterated(run, args.get(0, ""), node)
    known = containers.sequence(run, args.get(0, ""))
    return frozenset([Tuple((), items) if known is None else Tuple(tuple(known))])


def _next(run: Run, args: Arguments, node: ast.expr) -> Value:
    return join(containers.iterated(run, args.get(0, ""), node), args.get(1, ""))


def _enumerated(run: Run, args: Arguments, node: ast.expr) -> Value:
    items = containers.iterated(run, args.get(0, ""), node)
    return frozenset([Generator(frozenset([Tuple((ANYTHING, items))]))])


def _zipped(run: Run, args: Arguments, node: ast.expr) -> Value:
    items = tuple(containers.iterated(run, arg, node) for arg in args.args)
    return frozenset([Generator(frozenset([Tuple(items)]))])


def _dict(run: Run, args: Arguments, node: ast.expr) -> Value:
    made = containers.box(run, node)
    for value in args.args[:1]:
        containers.extend(run, made, next(iter([value])))
        for pair in containers.iterated(run, value, node):
            if isinstance(pair, Tuple) and len(pair.items) == 2:
                containers.put(run, made, *pair.items)
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
    **powertools.CALLS,
    **factories.CALLS,
    "aiobotocore.config.AioConfig": _config,
    "aioboto3.Session": _session,
    "aioboto3.client": _client,
    "aioboto3.resource": _resource,
    "aioboto3.session.Session": _session,
    "aiobotocore.get_session": _session,
    "aiobotocore.session.AioSession": _session,
    "aiobotocore.session.get_session": _session,
    "asyncio.create_task": _first,
    "asyncio.ensure_future": _first,
    "asyncio.gather": _gathered,
    "asyncio.run": _first,
    "asyncio.shield": _first,
    "asyncio.to_thread": _in_thread,
    "asyncio.wait_for": _first,
    "boto3.Session": _session,
    "boto3._get_default_session": _session,
    "boto3.client": _client,
    "boto3.resource": _resource,
    "boto3.setup_default_session": _set_up,
    "boto3.session.Session": _session,
    "botocore.client.Config": _config,
    "botocore.config.Config": _config,
    "botocore.session.Session": _session,
    "botocore.session.get_session": _session,
    "builtins.__import__": _imported,
    "builtins.dict": _dict,
    "builtins.enumerate": _enumerated,
    "builtins.filter": _filter,
    "builtins.getattr": _getattr,
    "builtins.globals": _globals,
    "builtins.iter": _iterated,
    "builtins.list": _iterated,
    "builtins.map": _map,
    "builtins.next": _next,
    "builtins.reversed": _iterated,
    "builtins.set": _iterated,
    "builtins.setattr": _setattr,
    "builtins.sorted": _iterated,
    "builtins.str": _text,
    "builtins.tuple": _iterated,
    "builtins.zip": _zipped,
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
    "os.environ.setdefault": _getenv,
    "os.getenv": _getenv,
    "typing.cast": _cast,
    "typing_extensions.cast": _cast,
}
