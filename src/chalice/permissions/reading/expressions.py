"""What expressions mean."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from chalice.permissions.reading import calls, containers, formatting, objects
from chalice.permissions.reading.arguments import Arguments
from chalice.permissions.reading.definitions import define_lambda
from chalice.permissions.reading.literals import MOST_ENTRIES
from chalice.permissions.reading.values import (
    ANYTHING,
    HOLE,
    NOTHING,
    OFF,
    ClassOf,
    Instance,
    ModuleOf,
    Tuple,
    Value,
    concatenated,
    is_whole,
    join,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from chalice.permissions.reading.run import Run


#: Values of the loops of one comprehension that are told apart.
MOST_WAYS = 24


def evaluate(run: Run, node: ast.expr) -> Value:
    """Return what *node* may be; what it calls is called."""
    run.engine.steps += 1
    return _EXPRESSIONS[type(node)](run, node)


def _constant(run: Run, node: ast.Constant) -> Value:
    del run
    value = node.value
    if isinstance(value, str):
        return text(value)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return frozenset([value])
    return frozenset([OFF]) if value is False else ANYTHING


def _name(run: Run, node: ast.Name) -> Value:
    # Half of all expressions are names, and most of these have a value here.
    value = run.env.get(node.id) if run.is_plain else None
    return run.name(node.id) if value is None else value


def _attribute(run: Run, node: ast.Attribute) -> Value:
    owners = evaluate(run, node.value)
    if len(owners) == 1:
        (owner,) = owners
        return objects.read(run, owner, node.attr, node)
    found = {owner: objects.read(run, owner, node.attr, node) for owner in owners}
    if any(value and isinstance(owner, _OF_PROJECT) for owner, value in found.items()):
        # What of the project has it is meant, not a client that has not.
        run.engine.notes.meant.add((run.place(node), node.attr))
    return join(NOTHING, *found.values())


_OF_PROJECT = (ClassOf, Instance, ModuleOf)


def _call(run: Run, node: ast.Call) -> Value:
    if isinstance(node.func, ast.Name) and node.func.id == "super":
        return objects.super_of(run)
    callees = evaluate(run, node.func)
    if not callees:
        run.engine.unknown_calls.setdefault(node, run.source.path)
    args = _arguments(run, node)
    if len(callees) == 1:
        (callee,) = callees
        return calls.call(run, callee, args, node)
    return join(NOTHING, *[calls.call(run, callee, args, node) for callee in callees])


def _arguments(run: Run, node: ast.Call) -> Arguments:
    positional: list[Value] = []
    rest = NOTHING
    for arg in node.args:
        if not isinstance(arg, ast.Starred):
            positional.append(evaluate(run, arg))
            continue
        value = evaluate(run, arg.value)
        items = containers.sequence(run, value)
        if items is None:
            rest = join(rest, containers.iterated(run, value, arg), ANYTHING)
        else:
            positional += items
    if not node.keywords:
        return Arguments(tuple(positional), {}, rest)
    keywords: dict[str, Value] = {}
    optional: set[str] = set()
    others = NOTHING
    for keyword in node.keywords:
        value = evaluate(run, keyword.value)
        if keyword.arg is not None:
            keywords[keyword.arg] = value
            continue
        named, unnamed = containers.named(run, value)
        others = join(others, unnamed)
        if named:
            optional |= named.keys() - containers.certain(run, value)
        for name, item in named.items():
            keywords[name] = join(keywords.get(name, NOTHING), item)
    return Arguments(tuple(positional), keywords, rest, others, frozenset(optional))


_PASSED_OVER = frozenset({None, ""})


def _boolean(run: Run, node: ast.BoolOp) -> Value:
    values = [evaluate(run, value) for value in node.values]
    last = len(values) - 1
    if isinstance(node.op, ast.Or):
        # What is None or an empty text is passed over.
        run.engine.notes.default(join(NOTHING, *values[:last]))
        values = [
            value if at == last or value.isdisjoint(_PASSED_OVER) else value - _PASSED_OVER
            for at, value in enumerate(values)
        ]
    return join(NOTHING, *values)


def _binary(run: Run, node: ast.BinOp) -> Value:
    left, right = evaluate(run, node.left), evaluate(run, node.right)
    if isinstance(node.op, ast.Add):
        if _has_text(left) or _has_text(right):
            return concatenated([left, right])
        return containers.added(run, left, right, node)
    if isinstance(node.op, ast.Mod) and _has_text(left):
        return formatting.percent(run, left, right)
    if isinstance(node.op, ast.BitOr):
        return join(left, right)
    if isinstance(node.op, ast.Div) and (_has_text(left) or _has_text(right)):
        return formatting.path([left, right])
    return ANYTHING


def _has_text(value: Value) -> bool:
    return str in map(type, value)


def _unary(run: Run, node: ast.UnaryOp) -> Value:
    value = evaluate(run, node.operand)
    run.engine.notes.default(value)
    if isinstance(node.op, ast.USub):
        return frozenset(-atom if isinstance(atom, int) else atom for atom in value)
    return ANYTHING


def _compare(run: Run, node: ast.Compare) -> Value:
    for part in (node.left, *node.comparators):
        run.engine.notes.default(evaluate(run, part))
    return ANYTHING


def _conditional(run: Run, node: ast.IfExp) -> Value:
    run.engine.notes.default(evaluate(run, node.test))
    # `os.environ["TABLE"] if "TABLE" in os.environ else "orders"`
    around = run.has_default
    run.has_default = around or isinstance(node.test, ast.Compare)
    value = evaluate(run, node.body)
    run.has_default = around
    return join(value, evaluate(run, node.orelse))


def _format(run: Run, node: ast.JoinedStr) -> Value:
    return concatenated([evaluate(run, part) for part in node.values])


def _formatted(run: Run, node: ast.FormattedValue) -> Value:
    value = evaluate(run, node.value)
    conversion = chr(node.conversion) if node.conversion > 0 else ""
    if node.format_spec is None:
        return formatting.spelled(value, "", conversion)
    specs = [atom for atom in evaluate(run, node.format_spec) if isinstance(atom, str)]
    found = [spec for spec in specs if is_whole(spec)]
    if not found or len(found) < len(specs):
        return text(HOLE)
    return join(NOTHING, *[formatting.spelled(value, spec, conversion) for spec in found])


def _subscript(run: Run, node: ast.Subscript) -> Value:
    owners, keys = evaluate(run, node.value), evaluate(run, node.slice)
    if len(owners) == 1:
        (owner,) = owners
        return containers.get(run, owner, keys, node)
    return join(NOTHING, *[containers.get(run, owner, keys, node) for owner in owners])


def _slice(run: Run, node: ast.Slice) -> Value:
    for part in (node.lower, node.upper, node.step):
        if part is not None:
            evaluate(run, part)
    return ANYTHING


def _tuple(run: Run, node: ast.Tuple) -> Value:
    items: list[Value] = []
    rest = NOTHING
    for part in node.elts:
        if isinstance(part, ast.Starred):
            inner = evaluate(run, part.value)
            more = containers.sequence(run, inner)
            if more is None:
                rest = join(rest, containers.iterated(run, inner, part))
            else:
                items += more
        else:
            items.append(evaluate(run, part))
    return frozenset([Tuple(tuple(items), rest)])


def _list(run: Run, node: ast.List | ast.Set) -> Value:
    values: list[Value] = []
    rest: list[Value] = []
    if len(node.elts) > MOST_ENTRIES:
        return containers.listed(run, node, [], _of_many(run, node.elts))
    for part in node.elts:
        if isinstance(part, ast.Starred):
            rest.append(containers.iterated(run, evaluate(run, part.value), part))
        else:
            # What follows any number of things may be anywhere, as anything in a set.
            where = rest if rest or isinstance(node, ast.Set) else values
            where.append(evaluate(run, part))
    return containers.listed(run, node, values, join(NOTHING, *rest))


def _of_many(run: Run, parts: Sequence[ast.expr]) -> Value:
    """Return what any of *parts*, which are many, may be."""
    alive = [part for part in parts if any(isinstance(item, ast.Name) for item in ast.walk(part))]
    return join(ANYTHING, *[evaluate(run, part) for part in alive])


def _dict(run: Run, node: ast.Dict) -> Value:
    made = containers.box(run, node)
    if len(node.keys) > MOST_ENTRIES:
        containers.put(run, made, ANYTHING, _of_many(run, node.values))
        return frozenset([made])
    always: set[object] = set()
    for key, item in zip(node.keys, node.values, strict=True):
        value = evaluate(run, item)
        if key is not None:
            keys = evaluate(run, key)
            containers.put(run, made, keys, value)
            always |= keys if len(keys) == 1 else NOTHING
            continue
        always |= containers.certain(run, value)
        found, others = containers.named(run, value)
        for name, inner in found.items():
            containers.put(run, made, text(name), inner)
        if others:
            containers.put(run, made, ANYTHING, others)
    containers.keep(run, made, frozenset(always))
    return frozenset([made])


def _ways(run: Run, clauses: list[ast.comprehension], most: int) -> Iterator[None]:
    """Go the ways through the loops of a comprehension: one for each value, *most* at most.

    Values that a loop takes together stay together so: `for key, value in d.items()`.
    """
    if not clauses:
        yield
        return
    clause, around = clauses[0], run.way
    items = containers.iterated(run, evaluate(run, clause.iter), clause.iter)
    each = [frozenset([atom]) for atom in items] if 1 < len(items) <= most else [items]
    for at, one in enumerate(each, start=1):
        if len(each) > 1 and not around:
            run.way = at
        run.language.bind(run, clause.target, one)
        passed = [_passes(run, test) for test in clause.ifs]
        if all(passed):
            yield from _ways(run, clauses[1:], most // len(each))
    run.way = around


def _each(run: Run, node: _Comprehension, most: int) -> Iterator[None]:
    """Go the ways of `_ways`; the names of the loops mean nothing around the comprehension."""
    names = run.engine.looped.get(node)
    if names is None:
        names = run.engine.looped[node] = _names_of(node.generators)
    around = {name: run.env.get(name) for name in names}
    yield from _ways(run, node.generators, most)
    for name, value in around.items():
        if value is not None:
            run.set(name, value)
        elif name in run.env:
            del run.env[name]
            run.before.pop(name, None)


def _names_of(clauses: list[ast.comprehension]) -> tuple[str, ...]:
    """Return the names that the loops of a comprehension give values."""
    parts = [part for clause in clauses for part in ast.walk(clause.target)]
    return tuple([part.id for part in parts if isinstance(part, ast.Name)])


_Comprehension = ast.DictComp | ast.GeneratorExp | ast.ListComp | ast.SetComp


def _passes(run: Run, test: ast.expr) -> bool:
    """Return whether *test* may pass; a name that it holds for is not None afterwards."""
    evaluate(run, test)
    name = test
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.IsNot):
        other = test.comparators[0]
        is_none = isinstance(other, ast.Constant) and other.value is None
        name = test.left if is_none else test
    value = run.env.get(name.id, NOTHING) if isinstance(name, ast.Name) else NOTHING
    if not isinstance(name, ast.Name) or None not in value:
        return True
    run.assign(name.id, value - {None})
    return len(value) > 1


def _listed(run: Run, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Value:
    # Pairs are told apart, as they may become a dict; what else there is, is there together.
    parts = (node.elt, *(clause.target for clause in node.generators))
    are_pairs = any(isinstance(part, ast.Tuple) for part in parts)
    most = MOST_WAYS if are_pairs and not run.engine.hurries else 1
    items = [evaluate(run, node.elt) for _ in _each(run, node, most)]
    return containers.listed(run, node, [], join(NOTHING, *items))


def _dict_listed(run: Run, node: ast.DictComp) -> Value:
    made = containers.box(run, node)
    for _ in _each(run, node, MOST_WAYS):
        keys = evaluate(run, node.key)
        containers.put(run, made, keys, evaluate(run, node.value))
    return frozenset([made])


def _lambda(run: Run, node: ast.Lambda) -> Value:
    return define_lambda(run, node)


def _named(run: Run, node: ast.NamedExpr) -> Value:
    value = evaluate(run, node.value)
    run.assign(node.target.id, value)
    return value


def _awaited(run: Run, node: ast.Await) -> Value:
    return evaluate(run, node.value)


def _yield(run: Run, node: ast.Yield) -> Value:
    run.is_generator = True
    if node.value is not None:
        run.yields = join(run.yields, evaluate(run, node.value))
    return ANYTHING


def _yield_from(run: Run, node: ast.YieldFrom) -> Value:
    run.is_generator = True
    items = containers.iterated(run, evaluate(run, node.value), node)
    run.yields = join(run.yields, items)
    return ANYTHING


def _starred(run: Run, node: ast.Starred) -> Value:
    return evaluate(run, node.value)


# Each function takes the kind of expression that it stands beside.
_EXPRESSIONS: dict[type[ast.expr], Callable[..., Value]] = {
    ast.Attribute: _attribute,
    ast.Await: _awaited,
    ast.BinOp: _binary,
    ast.BoolOp: _boolean,
    ast.Call: _call,
    ast.Compare: _compare,
    ast.Constant: _constant,
    ast.Dict: _dict,
    ast.DictComp: _dict_listed,
    ast.FormattedValue: _formatted,
    ast.GeneratorExp: _listed,
    ast.IfExp: _conditional,
    ast.JoinedStr: _format,
    ast.Lambda: _lambda,
    ast.List: _list,
    ast.ListComp: _listed,
    ast.Name: _name,
    ast.NamedExpr: _named,
    ast.Set: _list,
    ast.SetComp: _listed,
    ast.Slice: _slice,
    ast.Starred: _starred,
    ast.Subscript: _subscript,
    ast.Tuple: _tuple,
    ast.UnaryOp: _unary,
    ast.Yield: _yield,
    ast.YieldFrom: _yield_from,
}
