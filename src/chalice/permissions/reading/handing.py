"""Who else may call a function: whoever is given it in a way that is not followed.

What the program hands to another package, writes into its objects, or defines where that looks for
it (a class below one of its classes, a decorator of its own), is remembered in `Engine.given`. It
is called with anything, beside what the program itself calls it with; see `reader`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from chalice.permissions.reading import partial
from chalice.permissions.reading.values import (
    ANYTHING,
    HOLE,
    NOTHING,
    Bound,
    Box,
    ClassOf,
    Closure,
    External,
    Generator,
    Instance,
    MethodOf,
    ModuleOf,
    Partial,
    Record,
    Tuple,
    Unknown,
    Value,
    is_sdk,
    join,
)

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Collection, Iterable, Iterator

    from chalice.permissions.reading.arguments import Arguments
    from chalice.permissions.reading.engine import Engine, Task
    from chalice.permissions.reading.run import Run

#: Packages whose decorators and functions hand a function on as it is: whoever calls the result,
#: calls it with the same arguments. Source: what each says of itself at its first page.
_SAME = frozenset(
    {
        *("abc", "asyncio", "attr", "attrs", "backoff", "beartype", "builtins", "cachetools"),
        *("chalice", "contextlib", "dataclasses", "ddtrace", "deprecated", "enum", "functools"),
        *("moto", "opentelemetry", "overrides", "ratelimit", "retry", "retrying", "stamina"),
        *("tenacity", "typeguard", "typing", "typing_extensions", "aws_xray_sdk"),
    }
)
_POWERTOOLS = "aws_lambda_powertools."
#: What of Powertools calls a function with what only AWS or the web knows.
_OF_EVENTS = "aws_lambda_powertools.event_handler."

#: What only looks at a function, or what holds it as it is: it is followed there.
_LOOKS = frozenset(
    {"copy", "collections", "contextvars", "logging", "queue", "traceback", "typing"}
)
_LOOKS_ALSO = frozenset(
    {
        *("dataclasses.fields", "functools.update_wrapper", "functools.wraps", "threading.local"),
        *("inspect.iscoroutinefunction", "inspect.signature", "types.SimpleNamespace"),
    }
)
_BUILTINS_THAT_CALL = frozenset(
    {"builtins.classmethod", "builtins.property", "builtins.staticmethod"}
)

#: Methods of loggers. Source: The Python Standard Library, "logging", "Logger Objects".
_OF_LOGGERS = frozenset(
    {"critical", "debug", "error", "exception", "info", "log", "warn", "warning"}
)

#: Classes of other packages that call no method which a class below them defines, but those that
#: Python calls by itself or that take no arguments. Sources: The Python Standard Library; pydantic,
#: "Models"; boto3 reference, "Session".
_BASES = frozenset(
    {
        *("abc", "attr", "boto3", "botocore", "aioboto3", "aiobotocore", "builtins", "chalice"),
        *("collections", "contextlib", "dataclasses", "datetime", "decimal", "enum", "functools"),
        *("multiprocessing", "pathlib", "pydantic", "pydantic_settings", "queue", "string"),
        *("threading", "types", "typing", "typing_extensions", "uuid"),
    }
)

_FUNCTIONS = (Bound, Closure, Partial)
# Sets, as each atom of what is given is looked up there, and most are none of these.
_WHOLE = frozenset({*_FUNCTIONS, Box, ClassOf, Generator, Instance, ModuleOf, Record, Tuple, str})
_HOLDERS = frozenset({*_FUNCTIONS, Box, Generator, Record, Tuple})

_DATA = (str, int, type(None), Unknown)

#: What makes an object, and is no call of somebody else on it.
_BEGINS = frozenset(
    {"__class_getitem__", "__init__", "__init_subclass__", "__new__", "__set_name__"}
)


def give(
    run: Run,
    value: Value,
    *,
    whole: bool = True,
    beside: Value = NOTHING,
    defined: bool = False,
) -> None:
    """Remember *value* as known to somebody who is not known.

    Args:
        run: where it is given.
        value: what is given.
        whole: whether methods of objects may be called; else only what can be called itself.
        beside: objects of the SDK that were given with it, and may be handed on to it.
        defined: whether it is only defined where it is found: it counts where it is mentioned.
    """
    kinds = _WHOLE if whole else _HOLDERS
    for atom in value:
        if type(atom) in kinds:
            given = run.engine.given
            given[atom] = join(given.get(atom, NOTHING), beside)
            if not defined:
                run.engine.givers.setdefault(atom, {})[run.task] = None


def handed(run: Run, callee: object, args: Arguments) -> None:
    """Remember what a call of *callee*, which is not followed, gives it."""
    name = name_of(run.engine, callee)
    if not _is_told(name) or (isinstance(callee, MethodOf) and callee.name in _OF_LOGGERS):
        return
    values = [*args.args, *args.keywords.values(), args.rest, args.others]
    # Most calls give nothing but texts of the program and what is not known.
    values = [value for value in values if value and value != ANYTHING]
    if not values:
        return
    whole = name.partition(".")[0] not in sys.stdlib_module_names or name.startswith("inspect.")
    beside = frozenset([atom for value in values for atom in value if is_sdk(atom)])
    for value in values:
        give(run, value, whole=whole, beside=beside)


# What is read where it was written.
_FOLLOWED = frozenset({ClassOf, Closure, ModuleOf, Tuple, Record})


def written(run: Run, owner: object, value: Value) -> None:
    """Remember *value*, which *owner* has now, where somebody who is not known has *owner*."""
    if type(owner) in _FOLLOWED or owner is None:
        return
    if isinstance(owner, Instance):
        if owner.of in run.engine.open:
            give(run, value, whole=False)
    elif not isinstance(owner, Box) or _is_told(name_of(run.engine, owner) or "builtins"):
        give(run, value)


def name_of(engine: Engine, atom: object) -> str:
    """Return the name of what another package calls *atom*, or of what it belongs to."""
    if isinstance(atom, External):
        return atom.name
    owner, last = (atom.owner, f".{atom.name}") if isinstance(atom, MethodOf) else (atom, "")
    makers = engine.look(("made by", owner)) if isinstance(owner, Box) else NOTHING
    return next((f"{maker.name}{last}" for maker in makers if isinstance(maker, External)), "")


def _is_told(name: str) -> bool:
    """Return whether what *name* is given may be called by it."""
    top = name.partition(".")[0]
    if top == "builtins":
        return name in _BUILTINS_THAT_CALL
    return top not in _LOOKS and name not in _LOOKS_ALSO


def keeps(engine: Engine, decorator: object) -> bool:
    """Return whether a function is called by those alone who call what *decorator* makes of it."""
    name = name_of(engine, decorator)
    if name.startswith(_POWERTOOLS):
        return not name.startswith(_OF_EVENTS)
    return name.partition(".")[0] in _SAME


def is_open(engine: Engine, base: object) -> bool:
    """Return whether the base *base* of a class may call what the class defines."""
    if isinstance(base, ClassOf):
        return base in engine.open
    return not isinstance(base, External) or base.name.partition(".")[0] not in _BASES


# --- who that is -------------------------------------------------------------------------------


Found = tuple[Closure, object, Value]


def reached(engine: Engine) -> set[Found]:
    """Return the functions that somebody who is not known may call.

    Each has with it what it is called on (None for any object of its class, or where it has no
    class), and the objects of the SDK that it may be given.
    """
    returned = [(atom, NOTHING) for atom in _returned(engine)]
    found = _found(engine, [*engine.given.items(), *returned])
    lost = (closure for name in engine.lost_names for closure in engine.named.get(name, ()))
    return found.union((closure, None, NOTHING) for closure in lost)


def given_by(engine: Engine, tasks: Collection[Task]) -> set[Closure]:
    """Return the functions that *tasks* hand to somebody who is not known."""
    given = [
        (atom, NOTHING) for atom, by in engine.givers.items() if not by.keys().isdisjoint(tasks)
    ]
    return {closure for closure, _, _ in _found(engine, given)}


def _found(engine: Engine, given: list[tuple[object, Value]]) -> set[Found]:
    found: set[Found] = set()
    seen: dict[Value, set[object]] = {}
    left = given
    while left:
        atom, beside = left.pop()
        known = seen.setdefault(beside, set())
        if atom in known:
            continue
        known.add(atom)
        if type(atom) is Bound:
            found.add((atom.function, atom.owner, beside))
        elif type(atom) is Closure:
            found.add((atom, None, beside))
        elif type(atom) in _INSIDE:
            left += [(item, beside) for item in _INSIDE[type(atom)](engine, atom)]
    return found


def _returned(engine: Engine) -> Iterator[object]:
    """Yield what those get who are not known from what they call."""
    for task in engine.roots:
        if task.closure is not None and not engine.handlers.of(task):
            for atom in engine.look(task):
                if type(atom) in _HOLDERS:
                    yield atom


def _of_box(engine: Engine, atom: Box) -> Iterable[object]:
    return engine.look(("all", atom))


def _of_tuple(engine: Engine, atom: Tuple) -> Iterable[object]:
    del engine
    return join(atom.rest, *atom.items)


def _of_record(engine: Engine, atom: Record) -> Iterable[object]:
    del engine
    return join(atom.rest, *(item for _, item in atom.items))


def _of_generator(engine: Engine, atom: Generator) -> Iterable[object]:
    del engine
    return atom.items


def _of_partial(engine: Engine, atom: Partial) -> Iterable[object]:
    del engine
    return (atom.function, *join(NOTHING, *atom.args, *(item for _, item in atom.keywords)))


def _of_module(engine: Engine, atom: ModuleOf) -> Iterable[object]:
    names = engine.names(atom.name)
    return [item for name in names for item in engine.look(("var", atom.name, name))]


def _of_text(engine: Engine, atom: str) -> Iterable[object]:
    """Return what a text names: `"chalicelib.jobs.run"`, `"chalicelib.jobs:run"`."""
    module, _, name = atom.replace(":", ".").rpartition(".")
    return engine.look(("var", module, name)) if module in engine.program.sources else ()


def _of_class(engine: Engine, of: ClassOf) -> Iterator[object]:
    """Yield what can be called by who has a class: he makes an object of it."""
    made = engine.instance(of, "entry")
    for begin in ("__init__", "__post_init__"):
        cells = (engine.look(("attr", base, begin)) for base in engine.lineage_of(of))
        first = next(filter(None, cells), NOTHING)
        yield from (Bound(item, made) for item in first if isinstance(item, Closure))
    yield from methods(engine, made)
    yield from methods(engine, of)


_OF_OBJECTS = ("", "property", "setter")


def methods(engine: Engine, atom: ClassOf | Instance) -> Iterator[object]:
    """Yield what can be called of an object, or of a class."""
    of = atom.of if isinstance(atom, Instance) else atom
    seen = set(_BEGINS)
    for base in engine.lineage_of(of):
        for name in engine.defined.get(base, ()):
            if name in seen:
                continue
            seen.add(name)
            for item in engine.look(("attr", base, name)):
                if type(item) is Closure and atom is not of and item.info.kind in _OF_OBJECTS:
                    yield Bound(item, atom)
                elif type(item) in _HOLDERS:
                    yield item


# Each function takes the kind of thing that it stands beside.
_INSIDE: dict[type, Callable[..., Iterable[object]]] = {
    Box: _of_box,
    ClassOf: _of_class,
    Generator: _of_generator,
    Instance: methods,
    ModuleOf: _of_module,
    Partial: _of_partial,
    Record: _of_record,
    Tuple: _of_tuple,
    str: _of_text,
}


# --- names that are only known when it runs ----------------------------------------------------


def named_like(run: Run, owner: object, name: object, node: ast.expr) -> Value:
    """Return what *owner*, an object or a module, may have under *name*; functions at least."""
    pattern = partial.pattern(name if isinstance(name, str) else HOLE, r"\w*")
    engine = run.engine
    names: list[str] = []
    if isinstance(owner, ModuleOf):
        names = engine.names_of(owner.name, run.task)
    elif isinstance(owner, ClassOf | Instance):
        of = owner.of if isinstance(owner, Instance) else owner
        for base in engine.lineage(of, run.task):
            names += [item for item in engine.defined.get(base, ()) if item not in _BEGINS]
    found: list[Value] = [ANYTHING]
    for item in dict.fromkeys(names):
        if pattern.fullmatch(item) and not (item.startswith("__") and item.endswith("__")):
            is_part = isinstance(name, str) and name.strip(HOLE) != ""
            look = run.language.attribute if is_part else _function
            found.append(look(run, owner, item, node))
    return join(NOTHING, *found)


def write_like(run: Run, owner: Instance, name: str, value: Value) -> None:
    """Give the attributes of *owner* that *name* may be *value*, beside what they have.

    Those are data: programs put settings into objects so, not functions or clients.
    """
    engine = run.engine
    names = [item for base in engine.lineage(owner.of, run.task) for item in base.info.attributes]
    for item in partial.like(name, dict.fromkeys(names)):
        inherited = engine.inherited(owner.of, item, run.task)
        known = inherited | engine.read(("attr", owner, item), run.task)
        if all(isinstance(atom, _DATA) for atom in known):
            run.language.write(run, owner, item, join(inherited, value))


def _function(run: Run, owner: object, name: str, node: ast.expr) -> Value:
    """Return the functions that *owner* has under *name*; properties are not looked at."""
    del node
    if isinstance(owner, ModuleOf):
        value = run.engine.read(("var", owner.name, name), run.task)
        return frozenset(atom for atom in value if isinstance(atom, (*_FUNCTIONS, ClassOf)))
    of = owner.of if isinstance(owner, Instance) else owner
    assert isinstance(of, ClassOf)  # noqa: S101 - nothing else has names that are listed
    found: list[object] = []
    for atom in run.engine.inherited(of, name, run.task):
        kind = atom.info.kind if isinstance(atom, Closure) else ""
        if isinstance(atom, Closure) and kind == "class":
            found.append(Bound(atom, of))
        elif kind == "property":
            continue
        elif isinstance(atom, Closure) and not kind and isinstance(owner, Instance):
            found.append(Bound(atom, owner))
        elif isinstance(atom, _FUNCTIONS):
            found.append(atom)
    return frozenset(found)
