"""What other packages make of what they are given: fields of data classes, named tuples, transfers.

Each function takes what a call gives, and returns what comes of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from chalice.permissions.reading import containers, handing
from chalice.permissions.reading.arguments import Arguments
from chalice.permissions.reading.values import (
    ANYTHING,
    HOLE,
    NOTHING,
    OFF,
    Client,
    External,
    MethodOf,
    Partial,
    Record,
    Tuple,
    Value,
    external,
    is_whole,
    join,
    joined,
    text,
)

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

    from chalice.permissions.reading.run import Run

_EMPTY = frozenset({"builtins.dict", "builtins.list", "builtins.set", "collections.deque"})


def _field(run: Run, args: Arguments, node: ast.expr) -> Value:
    """Return what a field holds that nobody gives a value."""
    found: list[Value] = [args.keywords.get("default", NOTHING)]
    for name in ("default_factory", "factory"):
        found += [_made(run, atom, node) for atom in args.keywords.get(name, NOTHING)]
    return joined(found)


def _factory(run: Run, args: Arguments, node: ast.expr) -> Value:
    return joined(_made(run, atom, node) for atom in args.get(0, "factory"))


def _made(run: Run, factory: object, node: ast.expr) -> Value:
    if isinstance(factory, External) and factory.name in _EMPTY:
        return frozenset([containers.box(run, node)])
    return run.call(factory, Arguments((), {}), node)


# --- named tuples ------------------------------------------------------------------------------


def _named_tuple(run: Run, args: Arguments, node: ast.expr) -> Value:
    """Return what makes tuples of the names that are given: a text, or a list of texts or pairs."""
    del node
    given = args.get(1, "field_names")
    items = containers.sequence(run, given)
    if items is None:
        plain = [atom for atom in given if isinstance(atom, str) and HOLE not in atom]
        names = plain[0].replace(",", " ").split() if len(plain) == 1 == len(given) else []
    else:
        names = [name for item in items for name in _names(item)]
    fields = Tuple(tuple(frozenset([name]) for name in names))
    maker = next(iter(external("collections.namedtuple()")))
    return frozenset([Partial(maker, (frozenset([fields]),), ())])


def _names(item: Value) -> list[str]:
    firsts = [atom.items[0] if isinstance(atom, Tuple) and atom.items else item for atom in item]
    return [atom for first in firsts for atom in first if isinstance(atom, str)]


def _tuple_of_names(run: Run, args: Arguments, node: ast.expr) -> Value:
    fields = next(iter(args.args[0]))
    names = [name for item in fields.items for name in item] if isinstance(fields, Tuple) else []
    values = [
        args.args[at] if at < len(args.args) else args.keywords.get(str(name), args.rest)
        for at, name in enumerate(names, start=1)
    ]
    made = containers.listed(run, node, values, NOTHING)
    for name, value in zip(names, values, strict=True):
        for box in made:
            run.engine.write(("attr", box, name), value)
    return made


# --- containers --------------------------------------------------------------------------------


def _queue(run: Run, args: Arguments, node: ast.expr) -> Value:
    items = containers.iterated(run, args.get(0, "iterable"), node)
    return containers.listed(run, node, [], items)


def _layers(run: Run, args: Arguments, node: ast.expr) -> Value:
    """Return the dicts that are looked through one after the other, as one."""
    made = containers.box(run, node)
    for value in args.args:
        containers.extend(run, made, value)
    return frozenset([made])


def _variable(run: Run, args: Arguments, node: ast.expr) -> Value:
    return containers.listed(run, node, [], args.keywords.get("default", NOTHING))


# --- data --------------------------------------------------------------------------------------


def _of_json(run: Run, args: Arguments, node: ast.expr) -> Value:
    """Return what a text of JSON says, of which each character is known."""
    import json  # noqa: PLC0415 - few programs need it

    del node
    handing.handed(run, None, args)
    found: list[Value] = []
    for atom in args.get(0, "s"):
        if not isinstance(atom, str) or not is_whole(atom):
            return ANYTHING
        try:
            found.append(_data(json.loads(atom)))
        except (ValueError, RecursionError):
            return ANYTHING
    return joined(found) or ANYTHING


def _data(content: object) -> Value:
    if isinstance(content, dict):
        items = cast("dict[str, object]", content).items()
        return frozenset([Record(tuple((name, _data(value)) for name, value in items))])
    if isinstance(content, list):
        return frozenset([Tuple(tuple(map(_data, cast("list[object]", content))))])
    if isinstance(content, str):
        return text(content)
    if content is False:
        return frozenset([OFF])
    is_number = isinstance(content, int) and not isinstance(content, bool)
    return frozenset([content]) if content is None or is_number else ANYTHING


# --- transfers ---------------------------------------------------------------------------------

# What the transfer of a client calls, with the places of its arguments that are a transfer's.
# Source: boto3, `boto3.s3.transfer.S3Transfer`.
_TRANSFERS = {
    "download_file": ("bucket", "key", "filename", "extra_args"),
    "upload_file": ("filename", "bucket", "key", "callback", "extra_args"),
}


def _transfer(run: Run, args: Arguments, node: ast.expr) -> Value:
    del run, node
    clients = args.get(0, "client")
    methods = [
        (name, frozenset([Partial(atom, (clients,), ())]))
        for name in _TRANSFERS
        for atom in external(f"boto3.s3.transfer.S3Transfer.{name}")
    ]
    return frozenset([Record(tuple(methods))])


def _transferring(name: str) -> Callable[[Run, Arguments, ast.expr], Value]:
    places = _TRANSFERS[name]

    def call(run: Run, args: Arguments, node: ast.expr) -> Value:
        given = [args.get(at, place) for at, place in enumerate(places, start=1)]
        same = [value for place, value in zip(places, given, strict=True) if place != "callback"]
        return join(
            NOTHING,
            *[
                run.call(MethodOf(client, name), Arguments(tuple(same), {}), node)
                for client in args.args[0]
                if isinstance(client, Client)
            ],
        )

    return call


#: Functions of `attrs` that make a field by themselves. Source: attrs, "API Reference".
FIELDS = frozenset({"attr.attrib", "attr.field", "attr.ib", "attrs.field"})

CALLS: dict[str, Callable[[Run, Arguments, ast.expr], Value]] = {
    **dict.fromkeys(FIELDS, _field),
    "attr.Factory": _factory,
    "attrs.Factory": _factory,
    "boto3.s3.transfer.S3Transfer": _transfer,
    "boto3.s3.transfer.S3Transfer.download_file": _transferring("download_file"),
    "boto3.s3.transfer.S3Transfer.upload_file": _transferring("upload_file"),
    "collections.ChainMap": _layers,
    "collections.deque": _queue,
    "collections.namedtuple": _named_tuple,
    "collections.namedtuple()": _tuple_of_names,
    "contextvars.ContextVar": _variable,
    "dataclasses.field": _field,
    "json.loads": _of_json,
    "pydantic.Field": _field,
    "pydantic.PrivateAttr": _field,
    "typing.NamedTuple": _named_tuple,
}
