"""Lists, dicts, tuples, texts: what is put into them and what is taken out.

A `Box` changes: what is under one constant key is kept apart, what is under any other together.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, cast

from chalice.permissions.reading import handing, partial
from chalice.permissions.reading.arguments import Arguments
from chalice.permissions.reading.values import (
    ANYTHING,
    HOLE,
    LOST_TEXTS,
    MARKED,
    NOTHING,
    UNKNOWN,
    Box,
    ClassOf,
    Closure,
    Collection,
    External,
    Generator,
    Instance,
    ModuleOf,
    Record,
    Tuple,
    Value,
    is_whole,
    join,
    joined,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalice.permissions.reading.run import Run

#: The key of what is under keys that nobody knows.
ANY_KEY = UNKNOWN

# Kinds that are asked for again and again: `str | Tuple` is made each time that it is run.
_PLAIN = (str, Tuple, Record, Generator)
_LISTS = (Box, Tuple, Generator)
_WITH_KEYS = (str, Tuple, Record, Box)
_LOOPED = frozenset({Box, ClassOf, Collection, Generator, Instance, Record, Tuple})


def box(run: Run, node: ast.AST) -> Box:
    """Return what is made at *node*, in this run."""
    return run.engine.box(node, run.task if run.task.closure is not None else None)


def is_plain(run: Run, owner: object) -> bool:
    """Return whether *owner* is a text or a container, and no object of another package."""
    if isinstance(owner, Box):
        return not run.engine.look(("made by", owner))
    return isinstance(owner, _PLAIN)


# What holds what the program puts there and nothing else.
_KEEPERS = frozenset(
    {
        *("asyncio", "cachetools", "collections", "multiprocessing", "queue", "threading", "types"),
        "weakref",
    }
)


def is_kept(run: Run, owner: Box) -> bool:
    """Return whether all that is in *owner* was put there by the program."""
    makers = run.engine.look(("made by", owner))
    names = (maker.name for maker in makers if isinstance(maker, External))
    return all(name.partition(".")[0] in _KEEPERS for name in names)


def listed(run: Run, node: ast.AST, values: Sequence[Value], rest: Value) -> Value:
    """Return a list of *values*, and any number of *rest*."""
    made = box(run, node)
    engine = run.engine
    if values:
        engine.write(("keys", made), join(frozenset(range(len(values)))))
        engine.write(("all", made), joined(values))
        for position, value in enumerate(values):
            engine.write(("item", made, position), value)
    if rest:
        put(run, made, ANYTHING, rest)
    engine.write(("size", made), frozenset([len(values) if not rest else None]))
    return frozenset([made])


def put(run: Run, owner: object, keys: Value, value: Value) -> None:
    """Put *value* into *owner* under *keys*."""
    if not isinstance(owner, Box):
        _put_elsewhere(run, owner, keys, value)
        return
    for key in keys or ANYTHING:
        # A text with parts that are not known is like no other.
        name: object = key
        if not isinstance(key, int):
            if not isinstance(key, str) or HOLE in key:
                name = ANY_KEY
            elif MARKED in key and owner not in run.engine.partial:
                # Who has asked for another name may have meant this one.
                run.engine.partial.add(owner)
                run.engine.tell(("item", owner, ANY_KEY))
        run.engine.write(("keys", owner), frozenset([name]))
        run.engine.write(("all", owner), value)
        run.engine.write(("item", owner, name), value)


def _put_elsewhere(run: Run, owner: object, keys: Value, value: Value) -> None:
    if isinstance(owner, ModuleOf):
        # Under a name of which nothing is known, modules keep what they make when they are asked.
        given = [key for key in keys if isinstance(key, str) and key != HOLE]
        for item in given:
            names = [item] if is_whole(item) else run.engine.names_of(owner.name, run.task)
            for name in partial.like(item, names):
                run.engine.write_name(owner.name, name, value)
                run.engine.write(("changed", owner.name, name), value)
    if isinstance(owner, Instance):
        run.engine.write(("items", owner), value)
    if isinstance(owner, External) and owner.name == "os.environ":
        for key in keys:
            run.engine.write(("environ", key), value)
    else:
        handing.written(run, owner, value)


def extend(run: Run, owner: object, more: Value) -> None:
    """Add the items of *more* to the list *owner*."""
    if isinstance(owner, Box):
        for atom in more:
            named_items, others = named(run, frozenset([atom]))
            for key, value in named_items.items():
                put(run, owner, text(key), value)
            if isinstance(atom, _LISTS) and not named_items:
                others = join(others, iterated(run, frozenset([atom]), None))
            if others:
                put(run, owner, ANYTHING, others)


def fill(run: Run, owner: object, more: Value, node: ast.expr) -> None:
    """Add to the dict *owner* what *more* has: another dict, or pairs of a key and a value."""
    for atom in more:
        value: Value = frozenset([atom])
        is_list = isinstance(atom, Box) and run.engine.read(("size", atom), run.task)
        if not is_list and not isinstance(atom, Tuple | Generator | Instance):
            extend(run, owner, value)
            continue
        for pair in iterated(run, value, node):
            put(run, owner, *unpacked(run, frozenset([pair]), 2, None))


def keys_of(run: Run, owner: Box) -> Value:
    """Return the keys of *owner*."""
    return run.engine.read(("keys", owner), run.task)


def get(run: Run, owner: object, keys: Value, node: ast.Subscript) -> Value:
    """Return what is in *owner* under *keys*."""
    if isinstance(owner, External):
        return run.language.item(run, owner, keys, node)
    if isinstance(node.slice, ast.Slice) and isinstance(owner, (str, Tuple, Box)):
        return _slice(run, owner, node.slice)
    if isinstance(owner, _WITH_KEYS):
        return under(run, owner, keys)
    return _of_other(run, owner, keys, node)


def _character(owner: str, key: object) -> Value:
    is_known = isinstance(key, int) and is_whole(owner) and -len(owner) <= key < len(owner)
    return text(owner[key] if is_known and isinstance(key, int) else HOLE)


def _slice(run: Run, owner: str | Tuple | Box, node: ast.Slice) -> Value:
    if isinstance(owner, Box):
        return frozenset([owner])
    bounds = [_bound(run, part) for part in (node.lower, node.upper, node.step)]
    is_known = UNKNOWN not in bounds and bounds[2] != 0
    cut: slice[Any, Any, Any] = slice(*bounds) if is_known else slice(None)
    if isinstance(owner, str):
        return text(owner[cut] if is_known and is_whole(owner) else HOLE)
    if is_known and not owner.rest:
        return frozenset([Tuple(owner.items[cut])])
    return frozenset([Tuple((), join(owner.rest, *owner.items))])


def _bound(run: Run, node: ast.expr | None) -> object:
    value = run.evaluate(node) if node is not None else frozenset([None])
    one = next(iter(value)) if len(value) == 1 else UNKNOWN
    return one if one is None or isinstance(one, int) else UNKNOWN


def under(run: Run, owner: object, keys: Value) -> Value:
    """Return what is in the container *owner* under *keys*; anything in what is none."""
    if isinstance(owner, Tuple):
        positions = [key for key in keys if isinstance(key, int)]
        if len(positions) == len(keys) and keys:
            return joined(_position(owner, position) for position in positions)
        return join(owner.rest, *owner.items)
    if isinstance(owner, Record):
        return named_in(owner, keys, ANYTHING)
    if isinstance(owner, str):
        return joined(_character(owner, key) for key in keys) or text(HOLE)
    return lookup(run, owner, keys) if isinstance(owner, Box) else ANYTHING


def _of_other(run: Run, owner: object, keys: Value, node: ast.Subscript) -> Value:
    if isinstance(owner, Collection):
        return run.language.members(run, owner, node)
    if isinstance(owner, ModuleOf):
        names = [key for key in keys if isinstance(key, str) and is_whole(key)]
        found = [run.language.attribute(run, owner, name, node) for name in names]
        if len(names) < len(keys):
            found += [handing.named_like(run, owner, key, node) for key in keys - {*names}]
        return joined(found) or ANYTHING
    if isinstance(owner, Instance):
        items = _of_fields(run, owner)
        return (
            _item_of(run, owner, keys, node)
            if items is None
            else under(run, Tuple(tuple(items)), keys)
        )
    if isinstance(owner, ClassOf) and run.engine.read(("members", owner), run.task):
        return _members(run, owner, keys)
    # `Repository[User]` is the class.
    return frozenset([owner]) if isinstance(owner, Closure | ClassOf) else ANYTHING


def _members(run: Run, owner: ClassOf, keys: Value) -> Value:
    """Return the members of an enumeration that have names: `Tables["ORDERS"]`."""
    names = [key for key in keys if isinstance(key, str) and HOLE not in key]
    found = [run.engine.inherited(owner, name, run.task) for name in names]
    if len(names) == len(keys) and all(found):
        return joined(found)
    return run.engine.read(("members", owner), run.task)


def _item_of(run: Run, owner: Instance, keys: Value, node: ast.expr) -> Value:
    """Return what an object of the project has under *keys*: what it gives, or was given."""
    given = Arguments((keys,), {})
    if run.engine.inherited(owner.of, "__getitem__", run.task):
        return _called(run, owner, "__getitem__", given, node)
    found = run.engine.read(("items", owner), run.task)
    if run.engine.inherited(owner.of, "__missing__", run.task):
        found = join(found, _called(run, owner, "__missing__", given, node))
    return found or ANYTHING


def _called(run: Run, owner: Instance, name: str, args: Arguments, node: ast.expr) -> Value:
    """Return what the special method *name* of an object of the project gives."""
    found = run.language.attribute(run, owner, name, node)
    return joined(run.call(atom, args, node) for atom in found) or ANYTHING


def lookup(run: Run, owner: Box, keys: Value) -> Value:
    """Return what is in the box *owner* under *keys*."""
    engine, task = run.engine, run.task
    others = engine.read(("item", owner, ANY_KEY), task)
    found: list[Value] = [others]
    for key in keys or ANYTHING:
        if isinstance(key, int):
            # From the end, any of them may be meant.
            found.append(engine.read(("all", owner) if key < 0 else ("item", owner, key), task))
        elif isinstance(key, str):
            found.append(engine.read(("item", owner, key), task))
            if MARKED in key or HOLE in key or owner in engine.partial:
                found.append(_like_name(run, owner, key))
        else:
            found.append(everything(run, owner))
    return join(NOTHING, *found)


def _like_name(run: Run, owner: Box, key: str) -> Value:
    """Return what is in *owner* under names that may be *key* once they are known."""
    known = keys_of(run, owner)
    if key == HOLE or LOST_TEXTS in known:
        return everything(run, owner)
    names = partial.like(key, known)
    return joined(run.engine.read(("item", owner, name), run.task) for name in names)


def everything(run: Run, owner: Box) -> Value:
    """Return all that is in *owner*, whatever its key."""
    return run.engine.read(("all", owner), run.task)


def _position(owner: Tuple, position: int) -> Value:
    if not owner.rest and -len(owner.items) <= position < len(owner.items):
        return owner.items[position]
    if 0 <= position < len(owner.items):
        return owner.items[position]
    if -len(owner.ends) <= position < 0:
        return owner.ends[position]
    return join(owner.rest, *owner.items)


def named_in(owner: Record, keys: Value, missing: Value) -> Value:
    """Return what *owner* may have under *keys*, or *missing* where it certainly has nothing."""
    items = dict(owner.items)
    names = {name for key in keys or ANYTHING for name in _like(key, items)}
    return join(owner.rest, *[items[name] for name in names]) if names or owner.rest else missing


def _like(key: object, items: dict[str, Value]) -> list[str]:
    # Most names are whole, and there.
    return [key] if isinstance(key, str) and key in items else partial.like(key, items)


def at(run: Run, value: Value, position: int, count: int) -> Value:
    """Return what *value* gives to the name at *position* of *count* names."""
    found: list[Value] = []
    for atom in value:
        if isinstance(atom, Tuple):
            found.append(_position(atom, position))
        elif isinstance(atom, Box):
            keys = keys_of(run, atom)
            in_order = set(keys) == set(range(count))
            found.append(
                lookup(run, atom, frozenset([position])) if in_order else everything(run, atom)
            )
        else:
            items = sequence(run, frozenset([atom]))
            is_there = items is not None and -len(items) <= position < len(items)
            every = iterated(run, frozenset([atom]), None)
            found.append(items[position] if items is not None and is_there else every)
    return joined(found)


def unpacked(run: Run, value: Value, count: int, star: int | None) -> list[Value]:
    """Return what *value* gives to *count* names, of which the one at *star* takes what is left."""
    if star is None:
        return [at(run, value, position, count) for position in range(count)]
    found: list[Value] = [NOTHING] * count
    for atom in value:
        items = sequence(run, frozenset([atom]))
        if items is None or len(items) < count - 1:
            every = at(run, frozenset([atom]), -1, count)
            parts = [every] * count
            parts[star] = frozenset([Tuple((), every)])
        else:
            end = len(items) - (count - 1 - star)
            middle: Value = frozenset([Tuple(tuple(items[star:end]))])
            parts = [*items[:star], middle, *items[end:]]
        found = [join(before, part) for before, part in zip(found, parts, strict=True)]
    return found


def iterated(run: Run, value: Value, node: ast.AST | None) -> Value:
    """Return what a loop over *value* gives."""
    found: list[Value] = []
    for atom in value:
        if type(atom) not in _LOOPED:
            found.append(ANYTHING)
        elif isinstance(atom, Tuple):
            found.append(join(atom.rest, *atom.items))
        elif isinstance(atom, Generator):
            found.append(atom.items)
        elif isinstance(atom, Box):
            found.append(_items(run, atom))
        elif isinstance(atom, Record):
            found.append(joined(text(name) for name, _ in atom.items))
        elif isinstance(atom, Collection) and isinstance(node, ast.expr):
            found.append(run.language.members(run, atom, node))
        elif isinstance(atom, ClassOf):
            found.append(run.engine.read(("members", atom), run.task) or ANYTHING)
        elif isinstance(atom, Instance) and isinstance(node, ast.expr):
            found.append(_looped(run, atom, node))
        else:
            found.append(ANYTHING)
    return joined(found)


def _looped(run: Run, owner: Instance, node: ast.expr) -> Value:
    """Return what a loop over an object of the project gives."""
    for name in ("__iter__", "__aiter__"):
        if run.engine.inherited(owner.of, name, run.task):
            made = _called(run, owner, name, Arguments((), {}), node) - {owner}
            return iterated(run, made, None) if made else ANYTHING
    return ANYTHING


def _items(run: Run, owner: Box) -> Value:
    """Return what a loop over a box gives: the keys of a dict, what is in a list."""
    keys = keys_of(run, owner)
    if any(isinstance(key, str) for key in keys):
        return frozenset(key if isinstance(key, str) else UNKNOWN for key in keys)
    return everything(run, owner)


def sequence(run: Run, value: Value) -> list[Value] | None:
    """Return the items of *value* one by one, or None where there may be any number."""
    if len(value) != 1:
        return None
    (atom,) = value
    if isinstance(atom, Tuple):
        return None if atom.rest else list(atom.items)
    if isinstance(atom, Instance):
        return _of_fields(run, atom)
    if isinstance(atom, Box):
        size = run.engine.read(("size", atom), run.task)
        keys = keys_of(run, atom)
        count = next(iter(size), None) if len(size) == 1 else None
        if isinstance(count, int) and keys <= frozenset(range(count)):
            return [lookup(run, atom, frozenset([index])) for index in range(count)]
    return None


def _of_fields(run: Run, owner: Instance) -> list[Value] | None:
    """Return the items of a tuple whose class names them, or None where *owner* is none."""
    engine, fields = run.engine, owner.of.info.fields
    bases = engine.look(("bases", owner.of))
    if not any(isinstance(base, External) and base.name == "typing.NamedTuple" for base in bases):
        return None
    own = [engine.read(("attr", owner, name), run.task) for name in fields]
    return [
        value or engine.inherited(owner.of, name, run.task)
        for name, value in zip(fields, own, strict=True)
    ]


def named(run: Run, value: Value) -> tuple[dict[str, Value], Value]:
    """Return what is under names in *value*, a dict, and what may be under any other."""
    found: dict[str, Value] = {}
    others = NOTHING
    for atom in value:
        if isinstance(atom, Record):
            for name, item in atom.items:
                found[name] = join(found.get(name, NOTHING), item)
            others = join(others, atom.rest)
        elif isinstance(atom, Box):
            for key in keys_of(run, atom):
                item = run.engine.read(("item", atom, key), run.task)
                if isinstance(key, str):
                    found[key] = join(found.get(key, NOTHING), item)
                elif key is ANY_KEY:
                    others = join(others, item)
                elif key is LOST_TEXTS:
                    others = join(others, everything(run, atom))
        elif atom is UNKNOWN or isinstance(atom, External):
            others = join(others, ANYTHING)
    return found, others


def certain(run: Run, value: Value) -> Value:
    """Return the names that each of the dicts in *value* has, whatever was done with it."""
    found: Value | None = None
    for atom in value:
        own = NOTHING
        if isinstance(atom, Record):
            own = frozenset(name for name, item in atom.items if None not in item)
        elif isinstance(atom, Box):
            own = _kept(run, atom)
        found = own if found is None else found & own
    return found or NOTHING


def keep(run: Run, owner: Box, names: Value) -> None:
    """Take note of the *names* that a dict is made with; it may be made several times."""
    run.engine.write(("certain", owner), frozenset([names]))


def _kept(run: Run, owner: Box) -> Value:
    """Return the names that a dict is made with each time, and that nobody takes out of it."""
    made = run.engine.read(("certain", owner), run.task)
    removed = run.engine.read(("removed", owner), run.task)
    sets = [cast("Value", names) for names in made if isinstance(names, frozenset)]
    if not sets or len(sets) < len(made) or UNKNOWN in removed or owner in run.engine.given:
        return NOTHING
    found = sets[0]
    for names in sets[1:]:
        found &= names
    return found - removed


def remove(run: Run, owner: object, keys: Value) -> None:
    """Take note that what *owner* has under *keys* may be taken out of it."""
    if isinstance(owner, Box):
        are_known = all(isinstance(key, str) and is_whole(key) for key in keys)
        run.engine.write(("removed", owner), keys if keys and are_known else ANYTHING)


def added(run: Run, left: Value, right: Value, node: ast.AST) -> Value:
    """Return what the sum of two containers may be; more may be added to lists."""
    kinds = {type(atom) for atom in (*left, *right)}
    if Box not in kinds and Tuple not in kinds:
        return ANYTHING
    first, second = sequence(run, left), sequence(run, right)
    if first is None or second is None:
        items: list[Value] = []
        rest = join(iterated(run, left, None), iterated(run, right, None))
    else:
        items, rest = [*first, *second], NOTHING
    return (
        listed(run, node, items, rest) if Box in kinds else frozenset([Tuple(tuple(items), rest)])
    )
