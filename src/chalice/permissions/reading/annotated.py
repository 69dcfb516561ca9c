"""What annotations say of values that the code alone does not tell.

A value that is known is never made less by its annotation, nor is it believed against the code.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from chalice.permissions.reading import injected, services
from chalice.permissions.reading.values import (
    ANYTHING,
    NOTHING,
    UNKNOWN,
    ClassOf,
    Client,
    External,
    Generator,
    MethodOf,
    Paginator,
    Record,
    ResourceOf,
    Session,
    Tuple,
    Value,
    Waiter,
    giving,
    join,
)

if TYPE_CHECKING:
    from chalice.permissions.reading.engine import Engine
    from chalice.permissions.reading.run import Run

# Packages of types, each `PREFIX_SERVICE`. Source: mypy_boto3_builder, "README": boto3-stubs,
# types-boto3, types-aiobotocore, types-aioboto3.
_PACKAGES = ("mypy_boto3_", "types_boto3_", "types_aiobotocore_", "types_aioboto3_")

#: Classes whose objects make clients.
SESSIONS = frozenset(
    {
        "aioboto3.Session",
        "aioboto3.session.Session",
        "aiobotocore.session.AioSession",
        "boto3.Session",
        "boto3.session.Session",
        "botocore.session.Session",
    }
)

#: Classes that one annotation of a class may mean besides it.
MOST_CLASSES = 32

# Forms with arguments, by the last part of their names; source: typing, collections.abc,
# contextlib. Which of the arguments is meant, and what the form makes of it.
_SAME_FIRST = frozenset({"Annotated", "ClassVar", "Final", "NotRequired", "ReadOnly", "Required"})
_SAME_ANY = frozenset({"Optional", "Union"})
_SAME_LAST = frozenset({"Awaitable", "Coroutine", "Future", "Task"})
_LISTS = frozenset(
    {"Collection", "List", "MutableSequence", "Sequence", "Set", "deque", "frozenset", "list"}
) | {"AbstractSet", "Deque", "FrozenSet", "set"}
_LOOPS = frozenset(
    {"AsyncGenerator", "AsyncIterable", "AsyncIterator", "Generator", "Iterable", "Iterator"}
) | {"AbstractAsyncContextManager", "AbstractContextManager", "AsyncContextManager"}
_DICTS = frozenset(
    {"DefaultDict", "Dict", "Mapping", "MutableMapping", "OrderedDict", "defaultdict", "dict"}
)


def is_open(value: Value) -> bool:
    """Return whether the code leaves open what *value* is."""
    return any(
        atom is UNKNOWN
        or isinstance(atom, External)
        or (isinstance(atom, MethodOf) and atom.owner is UNKNOWN)
        for atom in value
    )


def refined(run: Run, value: Value, annotation: ast.expr | None) -> Value:
    """Return *value* with what *annotation* says in the place of what is left open."""
    if annotation is None or not is_open(value):
        return value
    return told(run.engine, value, said(run, annotation))


def told(engine: Engine, value: Value, about: Value) -> Value:
    """Return *value* with *about* in the place of what is left open; as it is where that is empty.

    What was given to somebody who is not known is no answer, either, once there is one.
    """
    if not about:
        return value
    known = (atom for atom in value - engine.escaped if not is_open(frozenset([atom])))
    return join(about, frozenset(known))


def said(run: Run, annotation: ast.expr) -> Value:
    """Return what *annotation* says that a value is; nothing where that is no help."""
    if isinstance(annotation, ast.Constant):
        return _of_text(run, annotation.value)
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        return join(said(run, annotation.left), said(run, annotation.right))
    if isinstance(annotation, ast.Subscript):
        return _of_form(run, annotation)
    if not isinstance(annotation, (ast.Name, ast.Attribute)):
        return NOTHING
    found: list[Value] = []
    for atom in run.evaluate(annotation):
        if isinstance(atom, ClassOf):
            found.append(_of_class(run.engine, atom))
        elif isinstance(atom, External):
            found.append(_of_name(run.engine, atom.name))
        elif isinstance(atom, str):
            # The name of a type that is written as a text.
            found.append(_of_text(run, atom))
    return join(NOTHING, *found)


# Source: typing, "Protocols".
_PROTOCOLS = frozenset({"typing.Protocol", "typing_extensions.Protocol"})


def _of_class(engine: Engine, of: ClassOf) -> Value:
    """Return the objects of a class and of those below it; one of each where nobody makes any.

    One that has none below it says no more than its methods do by themselves: they are few.
    """
    is_protocol = not engine.outside(of).isdisjoint(_PROTOCOLS)
    classes = [of, *_below(engine, of), *(_like(engine, of) if is_protocol else ())]
    made = dict.fromkeys(made for item in classes for made in engine.instances.get(item, ()))
    if not made and len(classes) > 1:
        made = dict.fromkeys(engine.instance(item, "entry") for item in classes[:MOST_CLASSES])
    # A protocol says what something can do, not what it is: a client may be meant, too.
    return frozenset(made) | (ANYTHING if is_protocol else NOTHING)


def _below(engine: Engine, of: ClassOf) -> list[ClassOf]:
    """Return the classes that inherit from *of*."""
    found: dict[ClassOf, None] = {}
    left = list(engine.subclasses.get(of, ()))
    while left and len(found) < MOST_CLASSES:
        item = left.pop()
        engine.steps += 1
        if item not in found and item is not of:
            found[item] = None
            left += engine.subclasses.get(item, ())
    return list(found)


def _like(engine: Engine, of: ClassOf) -> list[ClassOf]:
    """Return the classes that have the methods which the protocol *of* asks for."""
    body = of.info.node.body
    functions = (item for item in body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef))
    names = [item.name for item in functions if not item.name.startswith("__")]
    if not names:
        return []
    having = [engine.defining.get(name, {}) for name in names]
    fewest = min(having, key=len)
    candidates = [item for base in fewest for item in (base, *_below(engine, base))]
    found: dict[ClassOf, None] = {}
    for item in candidates[:MOST_CLASSES]:
        lineage = engine.lineage_of(item)
        engine.steps += len(lineage)
        if item is not of and all(any(base in every for base in lineage) for every in having):
            found[item] = None
    return list(found)


def is_of_class(annotation: ast.expr) -> bool:
    """Return whether *annotation* says that a name is the class's own: `ClassVar[str]`."""
    form = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    return "ClassVar" in (getattr(form, "id", ""), getattr(form, "attr", ""))


def _of_text(run: Run, written: object) -> Value:
    if not isinstance(written, str):
        return NOTHING
    try:
        return said(run, ast.parse(written.strip(), mode="eval").body)
    except (SyntaxError, ValueError):
        return NOTHING


def _of_form(run: Run, node: ast.Subscript) -> Value:
    inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    found: list[Value] = []
    for atom in run.evaluate(node.value) if inner else ():
        name = atom.name.rpartition(".")[2] if isinstance(atom, External) else ""
        found.append(_formed(run, name, inner))
    return join(NOTHING, *found)


def _formed(run: Run, name: str, inner: list[ast.expr]) -> Value:  # noqa: PLR0911 - one answer a form
    if name in _SAME_ANY:
        return join(NOTHING, *[said(run, item) for item in inner])
    if name in _SAME_FIRST:
        return join(said(run, inner[0]), injected.told_by(run, inner[1:]))
    if name in _SAME_LAST:
        return said(run, inner[-1])
    if name in ("Tuple", "tuple"):
        return _tuple([said(run, item) for item in inner if not _is_dots(item)], inner)
    if name in _LISTS | _LOOPS:
        items = said(run, inner[0])
        made = Tuple((), items) if name in _LISTS else Generator(items)
        return frozenset([made]) if items else NOTHING
    last = said(run, inner[-1]) if name in _DICTS or name == "Callable" else NOTHING
    if not last:
        return NOTHING
    return frozenset([giving(last) if name == "Callable" else Record((), last)])


def _is_dots(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is Ellipsis


def _tuple(items: list[Value], inner: list[ast.expr]) -> Value:
    if not any(items):
        return NOTHING
    if len(items) < len(inner):
        return frozenset([Tuple((), join(NOTHING, *items))])
    return frozenset([Tuple(tuple(item or ANYTHING for item in items))])


def _of_name(engine: Engine, name: str) -> Value:
    """Return what the type *name* of another package says.

    Source: mypy_boto3_builder, "How to use": `mypy_boto3_s3.S3Client`, `.client.S3Client`,
    `.service_resource.Bucket`, `.paginator.ListObjectsV2Paginator`.
    """
    if name in SESSIONS:
        return frozenset([Session()])
    top, _, rest = name.partition(".")
    prefix = next((item for item in _PACKAGES if top.startswith(item)), None)
    if prefix is None or not rest:
        return NOTHING
    service = top.removeprefix(prefix).replace("_", "-")
    kind = rest.rpartition(".")[2].removeprefix("_")
    defined = services.resources().get(service)
    if defined is not None and kind in defined["resources"]:
        return frozenset([ResourceOf(service, kind)])
    if kind.endswith("ServiceResource") and defined is not None:
        return frozenset([ResourceOf(service, "")])
    if kind.endswith("Client"):
        return frozenset([Client(service)])
    return _of_client(engine, service, kind)


def _of_client(engine: Engine, service: str, kind: str) -> Value:
    """Return the paginator or the waiter of a client that the type *kind* says."""
    found = engine.services.get(service)
    if found is None:
        return NOTHING
    operation = kind.removesuffix("Paginator")
    if operation != kind and operation in found.operations.values():
        return frozenset([Paginator(Client(service), operation)])
    waited = found.waiters.get(services.python_name(kind.removesuffix("Waiter")))
    return frozenset([Waiter(Client(service), waited)]) if waited is not None else NOTHING


# --- where they are written --------------------------------------------------------------------


def declare(run: Run, name: str, annotation: ast.expr) -> None:
    """Take note of what the body of a class or module says of a name."""
    owner = run.of if run.of is not None else run.source.name
    if run.of is None and run.task.closure is not None:
        return
    about = said(run, annotation)
    if about:
        run.engine.typed.add(name)
        run.engine.write(("declared", owner, name), about)


def name_of(run: Run, name: str, value: Value) -> Value:
    """Return *value*, what is known of a name of the module, with what the module says of it."""
    if not is_open(value):
        return value
    about = run.engine.read(("declared", run.source.name, name), run.task)
    return told(run.engine, value, about)


def attribute(run: Run, of: ClassOf, name: str, value: Value) -> Value:
    """Return *value*, what is known of an attribute, with what the class *of* says of it."""
    if name not in run.engine.typed or (value and not is_open(value)):
        return value
    for item in run.engine.lineage(of, run.task):
        about = run.engine.read(("declared", item, name), run.task)
        if about:
            return told(run.engine, value, about)
    return value


def parameter(run: Run, value: Value, annotation: ast.expr) -> Value:
    """Return *value*, what `*args` or `**kwargs` holds, with what their annotation says."""
    found: list[object] = []
    for atom in value:
        if isinstance(atom, Tuple) and (is_open(atom.rest) or any(map(is_open, atom.items))):
            items = tuple(refined(run, inner, annotation) for inner in atom.items)
            found.append(Tuple(items, refined(run, atom.rest, annotation)))
        elif isinstance(atom, Record) and is_open(atom.rest):
            found.append(Record(atom.items, refined(run, atom.rest, annotation)))
        else:
            found.append(atom)
    return frozenset(found)


def returned(run: Run, value: Value, annotation: ast.expr | None) -> Value:
    """Return *value*, what a function gives, with what its annotation says."""
    if annotation is None:
        return value
    if not run.is_generator:
        return refined(run, value, annotation)
    if not is_open(run.yields):
        return value
    about = [atom for atom in said(run, annotation) if isinstance(atom, Generator)]
    if not about:
        return value
    items = join(NOTHING, *[atom.items for atom in about])
    return frozenset([Generator(told(run.engine, run.yields, items))])
