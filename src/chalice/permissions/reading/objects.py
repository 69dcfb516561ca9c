"""Attributes: of modules, classes, their instances, and what the SDK makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.permissions.reading import annotated, handing, sdk
from chalice.permissions.reading.annotated import SESSIONS
from chalice.permissions.reading.arguments import Arguments
from chalice.permissions.reading.store import MOST_BASES
from chalice.permissions.reading.values import (
    ANYTHING,
    LOST_OBJECTS,
    NOTHING,
    SDK,
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
    Session,
    Super,
    Tuple,
    Value,
    external,
    giving,
    join,
    method_of_any,
)

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Sequence

    from chalice.permissions.reading.run import Run

_WITH_ATTRIBUTES = (Instance, ClassOf, Box, Closure)


def read(run: Run, owner: object, name: str, node: ast.expr) -> Value:
    """Return the attribute *name* of *owner*."""
    found = _KINDS.get(type(owner))
    if found is not None:
        return found(run, owner, name, node)
    if owner is LOST_OBJECTS:
        run.engine.lost_names[name] = None
    return NOTHING if owner is None else method_of_any(name)


def write(run: Run, owner: object, name: str, value: Value) -> None:
    """Give the attribute *name* of *owner* a value."""
    if isinstance(owner, _WITH_ATTRIBUTES):
        run.engine.write(("attr", owner, name), value)
    elif isinstance(owner, ModuleOf):
        run.engine.write_name(owner.name, name, value)
        run.engine.write(("changed", owner.name, name), value)
    handing.written(run, owner, value)


def lineage(run: Run, of: ClassOf) -> tuple[ClassOf, ...]:
    """Return *of* and its bases that are of the project, the nearest first, each once."""
    return run.engine.lineage(of, run.task)


def method(run: Run, of: ClassOf, name: str) -> Value:
    """Return what the class *of* or the nearest of its bases has under *name*."""
    return run.engine.inherited(of, name, run.task)


def _of_instance(run: Run, owner: Instance, name: str, node: ast.expr) -> Value:
    if name == "__dict__":
        return _names_of(run, owner)
    own = run.engine.read(("attr", owner, name), run.task)
    if own:
        return annotated.attribute(run, owner.of, name, own)
    found = method(run, owner.of, name)
    if found:
        values = [_bound(run, atom, owner, node) for atom in found]
        value = values[0] if len(values) == 1 else join(NOTHING, *values)
        return annotated.attribute(run, owner.of, name, value)
    return _inherited(run, owner, name, node)


def _names_of(run: Run, owner: Instance) -> Value:
    """Return the dict by which attributes of *owner* are given values: `self.__dict__`."""
    made: Value = frozenset([run.engine.box(owner, "names")])
    run.engine.write(("names of", owner), made)
    return made


def _inherited(run: Run, owner: Instance, name: str, node: ast.expr) -> Value:
    """Return an attribute that no class of the project gives a value."""
    boxes = run.engine.read(("names of", owner), run.task)
    named = [run.engine.read(("item", box, name), run.task) for box in boxes]
    if any(named):
        return join(NOTHING, *named)
    fallback = method(run, owner.of, "__getattr__")
    if fallback:
        arguments = Arguments((frozenset([name]),), {})
        return join(
            NOTHING,
            *[
                run.call(made, arguments, node)
                for atom in fallback
                for made in _bound(run, atom, owner, node)
            ],
        )
    declared = annotated.attribute(run, owner.of, name, NOTHING)
    if declared:
        return declared
    # A base that is not of the project may have it, or one that is too far away.
    every = lineage(run, owner.of)
    if len(every) == MOST_BASES:
        return ANYTHING
    bases = _bases(run, every)
    session = _session_among(bases)
    if session is not None:
        region = run.engine.read(("attr", owner, "region_name"), run.task)
        given = Arguments((), {"region_name": region} if region else {})
        made = run.call(session, given, node)
        return join(NOTHING, *[sdk.attribute(run, item, name, node) for item in made])
    return ANYTHING if any(not isinstance(base, ClassOf) for base in bases) else NOTHING


def session_of(run: Run, of: ClassOf) -> External | None:
    """Return the class of sessions that *of* inherits from, if it does."""
    return _session_among(_bases(run, lineage(run, of)))


def _session_among(bases: Sequence[object]) -> External | None:
    names = (base for base in bases if isinstance(base, External))
    return next((base for base in names if base.name in SESSIONS), None)


def _bases(run: Run, lineage: Sequence[ClassOf]) -> list[object]:
    return [base for item in lineage for base in run.engine.read(("bases", item), run.task)]


def _bound(run: Run, atom: object, owner: object, node: ast.expr) -> Value:
    if not isinstance(atom, Closure):
        if isinstance(atom, (Instance, Partial)):
            return _described(run, atom, owner, node)
        return frozenset([atom])
    kind = atom.info.kind
    if kind == "property":
        return run.call(Bound(atom, owner), Arguments((), {}), node)
    if kind == "static":
        return frozenset([atom])
    if kind == "class" and isinstance(owner, Instance):
        return frozenset([Bound(atom, owner.of)])
    return frozenset([Bound(atom, owner)])


def _described(run: Run, atom: Instance | Partial, owner: object, node: ast.expr) -> Value:
    """Return what an attribute of a class that is no function is for one of its objects."""
    if isinstance(atom, Partial):
        if atom.function not in external("functools.partialmethod()"):
            return frozenset([atom])
        methods = [_bound(run, item, owner, node) for item in atom.args[0]]
        return frozenset(
            Partial(item, atom.args[1:], atom.keywords) for item in join(NOTHING, *methods)
        )
    getters = [item for item in method(run, atom.of, "__get__") if isinstance(item, Closure)]
    if not getters:
        return frozenset([atom])
    given = Arguments((frozenset([owner]), ANYTHING), {})
    return join(NOTHING, *[run.call(Bound(item, atom), given, node) for item in getters])


def _of_external(run: Run, owner: External, name: str, node: ast.expr) -> Value:
    del run, node
    if owner.name == "boto3" and name == "DEFAULT_SESSION":
        return frozenset([Session()])
    return external(f"{owner.name}.{name}")


def _of_class_itself(run: Run, owner: ClassOf, name: str, node: ast.expr) -> Value:
    del node
    return _of_class(run, owner, owner, name)


def _of_function(run: Run, owner: Closure, name: str, node: ast.expr) -> Value:
    del node
    found = run.engine.read(("attr", owner, name), run.task)
    if not found and name == "__name__":
        return frozenset([owner.info.name])
    return found or frozenset([MethodOf(owner, name)])


def _of_bound(run: Run, owner: Bound, name: str, node: ast.expr) -> Value:
    if name == "__self__":
        return frozenset([owner.owner])
    if name == "__func__":
        return frozenset([owner.function])
    own = _of_function(run, owner.function, name, node)
    return method_of_any(name) if own == {MethodOf(owner.function, name)} else own


def _of_method(run: Run, owner: MethodOf, name: str, node: ast.expr) -> Value:
    del run, node
    if name == "__self__":
        return frozenset([owner.owner])
    return frozenset([owner.name]) if name == "__name__" else method_of_any(name)


def _of_record(run: Run, owner: Record, name: str, node: ast.expr) -> Value:
    del run, node
    return dict(owner.items).get(name) or frozenset([MethodOf(owner, name)])


def _of_partial(run: Run, owner: Partial, name: str, node: ast.expr) -> Value:
    del run, node
    return frozenset([owner.function]) if name == "func" else method_of_any(name)


def _of_container(run: Run, owner: object, name: str, node: ast.expr) -> Value:
    del run, node
    return frozenset([MethodOf(owner, name)])


def _of_text(run: Run, owner: str, name: str, node: ast.expr) -> Value:
    """Return an attribute of a text, which may be the member of an enumeration."""
    if name == "value":
        return frozenset([owner])
    for of in run.engine.members.get(owner, ()):
        found = method(run, of, name)
        if found:
            member = run.engine.instance(of, owner)
            run.engine.write(("attr", member, "value"), frozenset([owner]))
            return join(NOTHING, *[_bound(run, atom, member, node) for atom in found])
    return frozenset([MethodOf(owner, name)])


def _of_class(run: Run, of: ClassOf, owner: object, name: str) -> Value:
    found = annotated.attribute(run, of, name, method(run, of, name))
    if not found and name == "__subclasses__":
        below = Tuple((), frozenset(run.engine.subclasses.get(of, ())))
        return frozenset([giving(frozenset([below]))])
    if not found and name == "__name__":
        return frozenset([of.info.name])
    return frozenset(
        Bound(atom, owner) if isinstance(atom, Closure) and atom.info.kind == "class" else atom
        for atom in found
    )


def _of_super(run: Run, owner: Super, name: str, node: ast.expr) -> Value:
    del node
    for item in lineage(run, owner.of)[1:]:
        value = run.engine.read(("attr", item, name), run.task)
        if value:
            return frozenset(
                Bound(atom, owner.owner) if isinstance(atom, Closure) else atom for atom in value
            )
    return frozenset([MethodOf(owner, name)])


def _of_module(run: Run, owner: ModuleOf, name: str, node: ast.expr) -> Value:
    del node
    value = run.engine.read(("var", owner.name, name), run.task)
    whole = f"{owner.name}.{name}"
    if not value and run.engine.module(whole, run.task):
        return frozenset([ModuleOf(whole)])
    return value or missing_name(run, owner.name, name)


def missing_name(run: Run, module: str, name: str) -> Value:
    """Return what the `__getattr__` of *module* gives for a name that it has not."""
    found: list[Value] = []
    for atom in run.engine.read(("var", module, "__getattr__"), run.task):
        if isinstance(atom, Closure):
            params: dict[str, Value] = dict.fromkeys(atom.info.positional[:1], frozenset([name]))
            found.append(run.engine.call(atom, params, None, run.task))
    return join(NOTHING, *found)


def _of_box(run: Run, owner: Box, name: str, node: ast.expr) -> Value:
    del node
    found = run.engine.read(("attr", owner, name), run.task)
    if found:
        return found
    made_by = run.engine.read(("made by", owner), run.task)
    if name == "websocket_api" and external("chalice.Chalice") <= made_by:
        return external("chalice.websocket_api")
    return frozenset([MethodOf(owner, name)])


# Each function takes the kind of thing that it stands beside: this is asked for most of all.
_KINDS: dict[type, Callable[..., Value]] = {
    Bound: _of_bound,
    Box: _of_box,
    ClassOf: _of_class_itself,
    Closure: _of_function,
    External: _of_external,
    Generator: _of_container,
    Instance: _of_instance,
    MethodOf: _of_method,
    ModuleOf: _of_module,
    Partial: _of_partial,
    Record: _of_record,
    Super: _of_super,
    Tuple: _of_container,
    str: _of_text,
    **dict.fromkeys(SDK, sdk.attribute),
}


def super_of(run: Run) -> Value:
    """Return what `super()` is in the method that runs."""
    closure = run.task.closure
    if closure is None or closure.info.owner is None:
        return ANYTHING
    names = closure.info.positional
    found: list[object] = []
    for owner in run.task.params.get(names[0], ANYTHING) if names else ANYTHING:
        of = owner.of if isinstance(owner, Instance) else owner
        if isinstance(of, ClassOf):
            # The class that the method is written in, the object's own or one of its bases.
            node = closure.info.owner.node
            written = next((item for item in lineage(run, of) if item.info.node is node), of)
            found.append(Super(written, owner))
    return frozenset(found) or ANYTHING


def entered(run: Run, value: Value, node: ast.expr) -> Value:
    """Return what `with value as` gives."""
    found: list[Value] = []
    for atom in value:
        if isinstance(atom, Generator):
            found.append(atom.items)
        elif isinstance(atom, Instance):
            results: list[Value] = []
            for name in ("__enter__", "__aenter__"):
                for callee in method(run, atom.of, name):
                    bound = Bound(callee, atom) if isinstance(callee, Closure) else callee
                    results.append(run.call(bound, Arguments((), {}), node))
            for name in ("__exit__", "__aexit__"):
                for callee in method(run, atom.of, name):
                    if isinstance(callee, Closure):
                        rest = Arguments((ANYTHING, ANYTHING, ANYTHING), {})
                        run.call(Bound(callee, atom), rest, node)
            found.append(join(NOTHING, *results) if results else frozenset([atom]))
        else:
            found.append(frozenset([atom]))
    return join(NOTHING, *found)
