"""What resource objects do, from boto3's own definitions of them.

A definition names the operations behind actions, collections, waiters and attributes; here each
becomes a `Use` with what the object knows of itself.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chalice.permissions.reading import services, transfers
from chalice.permissions.reading.values import (
    ANYTHING,
    NOTHING,
    BatchWriter,
    Client,
    Collection,
    Generator,
    MethodOf,
    Record,
    ResourceOf,
    Tuple,
    Use,
    Value,
    concatenated,
    join,
)

if TYPE_CHECKING:
    import ast
    from collections.abc import Mapping

    from chalice.permissions.reading.arguments import Arguments
    from chalice.permissions.reading.run import Run

Params = tuple[tuple[str, Value], ...]

# What collections of S3 give for each object that they delete; source: boto3's definitions.
_DELETED = "Delete.Objects[]."

# What the key of an object is, of those that a collection of S3 gives; source: as above.
_KEYS = ("Key", "ObjectKey")

_NARROWING = ("all", "filter", "limit", "page_size", "pages")


@dataclass(frozen=True, slots=True)
class _Kind:
    """One type of resource object, its members by the names of Python."""

    actions: Mapping[str, Any]
    collections: Mapping[str, Any]
    related: Mapping[str, Any]
    references: Mapping[str, Any]
    waiters: Mapping[str, Any]
    batch: Mapping[str, Any]
    identifiers: Mapping[str, str]
    order: tuple[str, ...]
    load: Any
    shape: str


@functools.cache
def _kind(service: str, name: str) -> _Kind | None:
    whole = services.resources().get(service)
    if whole is None:
        return None
    types: dict[str, Any] = whole["resources"]
    definition: dict[str, Any] = types.get(name, {}) if name else whole["service"]
    if name and not definition:
        return None
    python = services.python_name
    related: dict[str, Any] = {}
    references: dict[str, Any] = {}
    for key, item in definition.get("has", {}).items():
        sources = {part.get("source") for part in item["resource"].get("identifiers", ())}
        if "data" in sources:
            references[python(key)] = item["resource"]
        else:
            related[key] = item["resource"]
    for key, item in types.items() if not name else ():
        # The service's own object makes every type, by its identifiers.
        parts = [{"target": part["name"], "source": "input"} for part in item["identifiers"]]
        related.setdefault(key, {"type": key, "identifiers": parts})
    return _Kind(
        actions={python(key): item for key, item in definition.get("actions", {}).items()},
        collections={python(key): item for key, item in definition.get("hasMany", {}).items()},
        related=related,
        references=references,
        waiters={
            f"wait_until_{python(key)}": item for key, item in definition.get("waiters", {}).items()
        },
        batch={python(key): item for key, item in definition.get("batchActions", {}).items()},
        # Source: boto3, `boto3.resources.factory`: `table_name` is `name`, and loads nothing.
        identifiers={
            python(item[key]): item["name"]
            for item in definition.get("identifiers", ())
            for key in ("name", "memberName")
            if key in item
        },
        order=tuple(item["name"] for item in definition.get("identifiers", ())),
        load=definition.get("load"),
        shape=definition.get("shape", ""),
    )


def attribute(  # noqa: PLR0911 - one answer a kind
    run: Run, owner: ResourceOf, name: str, node: ast.expr
) -> Value:
    """Return the attribute *name* of a resource object."""
    run.engine.resources.add(owner.service)
    kind = _kind(owner.service, owner.type)
    if kind is None:
        run.engine.notes.no_service(owner.service, run.place(node))
        return ANYTHING
    if name == "meta":
        client = frozenset([Client(owner.service, owner.region)])
        return frozenset([Record((("client", client),))])
    if name in kind.identifiers:
        return dict(owner.identifiers).get(kind.identifiers[name], ANYTHING)
    if name in kind.collections:
        return frozenset([Collection(owner, name)])
    if name in kind.references:
        found = kind.references[name]
        return _made(owner, found, {})
    if name in _special(owner, kind) or name in ("load", "reload", "get_available_subresources"):
        return frozenset([MethodOf(owner, name)])
    if name in kind.actions or name in kind.related or name in kind.waiters:
        return frozenset([MethodOf(owner, name)])
    service = run.engine.services.get(owner.service)
    if service is not None and name in service.shapes.get(kind.shape, ()):
        return _of_data(run, owner, kind, node)
    if not name.startswith("_"):
        run.engine.notes.missing(f"{owner.service}.{owner.type}".rstrip("."), name, run.place(node))
    return ANYTHING


def _of_data(run: Run, owner: ResourceOf, kind: _Kind, node: ast.expr) -> Value:
    """Return an attribute that is loaded when it is first asked for.

    What is listed has it, until an action is called on it. Source: boto3,
    `boto3.resources.factory`: "Clear cached data. It will be reloaded the next time that an
    attribute is accessed".
    """
    if not owner.listed or run.engine.read(("acted", owner), run.task):
        _load(run, owner, kind, node)
    return ANYTHING


def _special(owner: ResourceOf, kind: _Kind) -> tuple[str, ...]:
    """Return the methods that boto3 adds in code. Source: boto3, "Customizations"."""
    if owner.service == "s3":
        return tuple(transfers.TRANSFERS.get(_transferring(owner), ()))
    if owner.service == "dynamodb" and owner.type in ("Table", ""):
        return ("batch_writer",) if owner.type else ()
    if owner.service == "ec2":
        return ("create_tags", "delete_tags") if not owner.type or "delete" in kind.actions else ()
    return ()


def _transferring(owner: ResourceOf) -> str:
    return "Object" if owner.type == "ObjectSummary" else owner.type


def call(  # noqa: PLR0911 - one answer a kind
    run: Run, owner: ResourceOf, name: str, args: Arguments, node: ast.expr
) -> Value:
    """Return what the method *name* of a resource object gives, and take note of its operation."""
    kind = _kind(owner.service, owner.type)
    if kind is None:
        return ANYTHING
    if name in _special(owner, kind):
        return _customized(run, owner, name, args, node)
    if name in ("load", "reload"):
        _load(run, owner, kind, node)
        return frozenset([None])
    if name in kind.related:
        given: dict[str, Value] = {}
        inputs = [
            part["target"]
            for part in kind.related[name].get("identifiers", ())
            if part["source"] == "input"
        ]
        for position, target in enumerate(inputs):
            given[target] = args.get(position, services.python_name(target))
        return _made(owner, kind.related[name], given)
    waiter = kind.waiters.get(name)
    if waiter is not None:
        service = run.engine.services.get(owner.service)
        python = services.python_name(waiter["waiterName"])
        operation = service.waiters.get(python) if service is not None else None
        if operation is not None:
            _use(run, owner, operation, _identified(owner, waiter), args, node)
        return frozenset([None])
    action = kind.actions.get(name)
    if action is None:
        return ANYTHING
    request = action["request"]
    _use(run, owner, request["operation"], _identified(owner, request), args, node)
    run.engine.write(("acted", owner), ANYTHING)
    made = action.get("resource")
    if made is None:
        return ANYTHING
    found = _made(owner, made, dict(args.keywords))
    many = any("[" in str(part.get("path", "")) for part in made.get("identifiers", ()))
    return frozenset([Generator(found)]) if many else found


def _customized(run: Run, owner: ResourceOf, name: str, args: Arguments, node: ast.expr) -> Value:
    if name == "batch_writer":
        return frozenset([BatchWriter(owner)])
    if owner.service == "ec2":
        operation = "CreateTags" if name == "create_tags" else "DeleteTags"
        _use(run, owner, operation, (), args, node)
        return ANYTHING
    names = transfers.TRANSFERS[_transferring(owner)][name]
    ids = dict(owner.identifiers)
    bucket = ids.get("Name", ids.get("BucketName", ANYTHING))
    known = [("Bucket", bucket)]
    if "Key" in ids:
        known.append(("Key", ids["Key"]))
    params = (*transfers.transfer_params(run, names, args), *known)
    run.use(Use("s3", name, params, run.source.path, node, owner.region))
    return ANYTHING


def _load(run: Run, owner: ResourceOf, kind: _Kind, node: ast.expr) -> None:
    if kind.load is not None:
        request = kind.load["request"]
        params = _identified(owner, request)
        found = Use(
            owner.service, request["operation"], params, run.source.path, node, owner.region
        )
        run.use(found)
    elif owner.service == "s3":
        # Source: boto3, "S3 customization reference": a bucket is looked for among all, a summary
        # is loaded as its object.
        operation = "ListBuckets" if owner.type == "Bucket" else "HeadObject"
        ids = dict(owner.identifiers)
        params = tuple((name, ids[name]) for name in ("Key",) if name in ids)
        params = (("Bucket", ids.get("BucketName", ANYTHING)), *params)
        run.use(Use("s3", operation, params, run.source.path, node, owner.region))


def _identified(owner: ResourceOf, request: Mapping[str, Any]) -> Params:
    """Return the parameters that a request takes from the object itself."""
    ids = dict(owner.identifiers)
    found: list[tuple[str, Value]] = []
    deleted: list[tuple[str, Value]] = []
    for part in request.get("params", ()):
        target = part["target"].replace("[*]", "[]").removesuffix("[]").removesuffix("[0]")
        value = ids.get(part["name"], ANYTHING) if part["source"] == "identifier" else ANYTHING
        if "." not in target and "[" not in target:
            found.append((target, value))
        elif target.startswith(_DELETED):
            deleted.append((target.removeprefix(_DELETED), value))
    if deleted:
        objects = frozenset([Tuple((frozenset([Record(tuple(deleted))]),))])
        found.append(("Delete", frozenset([Record((("Objects", objects),))])))
    return tuple(found)


def _use(
    run: Run,
    owner: ResourceOf,
    operation: str,
    known: Params,
    args: Arguments,
    node: ast.expr,
) -> None:
    params = (*args.keywords.items(), *known)
    if args.others:
        params = (*params, ("**", args.others))
    path, certain = run.source.path, args.certain(node)
    run.use(Use(owner.service, operation, params, path, node, owner.region, certain))


def _made(owner: ResourceOf, definition: Mapping[str, Any], given: dict[str, Value]) -> Value:
    """Return the object that *definition* makes, with the identifiers that are known of it."""
    ids = dict(owner.identifiers)
    found: list[tuple[str, Value]] = []
    for part in definition.get("identifiers", ()):
        target, source = part["target"], part["source"]
        value: Value = ANYTHING
        if source == "input":
            value = given.get(target, ANYTHING)
        elif source == "identifier":
            value = ids.get(part["name"], ANYTHING)
        elif source == "requestParameter":
            value = given.get(part["path"], ANYTHING)
        elif "QueueName" in given:
            account = given.get("QueueOwnerAWSAccountId", NOTHING)
            value = transfers.queue_url(given["QueueName"], owner.region, account)
        elif "TableName" in given:
            value = given["TableName"]
        elif definition["type"] == "Topic" and "Name" in given:
            value = transfers.topic_arn(given["Name"], owner.region)
        elif target in _KEYS and "Prefix" in given:
            value = concatenated([given["Prefix"], ANYTHING])
        found.append((target, value))
    return frozenset([ResourceOf(owner.service, definition["type"], tuple(found), owner.region)])


# --- collections -------------------------------------------------------------------------------


def _collection(owner: Collection) -> Any:
    kind = _kind(owner.owner.service, owner.owner.type)
    assert kind is not None, "a collection is made by its kind"  # noqa: S101 - for types
    return kind.collections[owner.name]


def items(run: Run, owner: Collection, node: ast.expr) -> Value:
    """Return what a loop over a collection gives."""
    definition = _collection(owner)
    request = definition["request"]
    params = (*owner.keywords, *_identified(owner.owner, request))
    resource = owner.owner
    run.use(
        Use(
            resource.service,
            request["operation"],
            params,
            run.source.path,
            node,
            resource.region,
        )
    )
    made = _made(resource, definition["resource"], dict(owner.keywords))
    if "path" not in definition["resource"]:
        return made
    return frozenset(replace(item, listed=True) for item in made if isinstance(item, ResourceOf))


def of_collection(run: Run, owner: Collection, name: str, args: Arguments, node: ast.expr) -> Value:
    """Return what the method *name* of a collection gives."""
    if name in _NARROWING:
        narrowed = Collection(owner.owner, owner.name, (*owner.keywords, *args.keywords.items()))
        found = items(run, narrowed, node)
        if name == "pages":
            return frozenset([Generator(frozenset([Generator(found)]))])
        return frozenset([narrowed])
    definition = _collection(owner)
    kind = _kind(owner.owner.service, definition["resource"]["type"])
    action = kind.batch.get(name) if kind is not None else None
    if action is None:
        where = run.place(node)
        run.engine.notes.missing(f"{owner.owner.service}.{owner.name}", name, where)
        return ANYTHING
    for item in items(run, owner, node):
        if isinstance(item, ResourceOf):
            request = action["request"]
            params = _identified(item, request)
            _use(run, item, request["operation"], params, args, node)
    return join(NOTHING, ANYTHING)
