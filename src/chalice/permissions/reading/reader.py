"""What a program asks of AWS: every call of an operation that its code may make.

    read(files, environ) -> Reading

The program is not imported. Its modules run in order, on values that stand for sets of values; then
what nobody in the program calls is taken to be called by somebody, with anything.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import sys
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalice.permissions.reading import (
    annotated,
    calls,
    expressions,
    handing,
    handlers,
    known,
    objects,
    reached,
    sdk,
    statements,
    unfollowed,
    uses,
)
from chalice.permissions.reading.engine import MOST_CONTEXTS, Engine, Task
from chalice.permissions.reading.program import parse, words
from chalice.permissions.reading.run import Language, Run
from chalice.permissions.reading.services import Services
from chalice.permissions.reading.values import (
    ANYTHING,
    HOLE,
    NOTHING,
    UNKNOWN,
    ClassOf,
    Closure,
    Generator,
    Instance,
    Record,
    Tuple,
    Use,
    Value,
    is_sdk,
    join,
)

if TYPE_CHECKING:
    from collections import Counter, abc
    from collections.abc import Callable, Collection, Mapping

    from chalice.diagnostics import Problem

_RECURSION = 6000

_NONE: Value = frozenset([None])


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read.

    Attributes:
        uses: each call of an operation, in the order of file and line.
        problems: what could not be read or known.
        engine: what is known of everything else: what is in containers.
        mentions: the names in the code, for what one function may do.
    """

    uses: tuple[Use, ...]
    problems: tuple[Problem, ...]
    engine: Engine
    mentions: reached.Mentions


def read(
    files: Mapping[str, bytes],
    environ: Mapping[str, str],
    services: Services | None = None,
    starts: Collection[str] | None = None,
    unread: frozenset[str] = frozenset(),
) -> Reading:
    """Return what the modules in *files* ask of AWS.

    Args:
        files: the content of each module, by its path in the project.
        environ: the variables of the stage.
        services: what is known of AWS's services; kept for the next reading if it is given.
        starts: the modules that are run, by their paths; the others are what these may import. All
            unless given.
        unread: packages that ship beside these, and call AWS.
    """
    with _in_one_go():
        program = parse(files, unread)
        # What this program asks for is told apart from what is kept.
        asked = Services((services or Services()).get)
        engine = Engine(program, asked, environ, execute)
        for name, source in program.sources.items():
            if starts is None or source.path in starts:
                engine.module(name, None)
        engine.settle()
        mentions = words(files)
        called: set[handing.Found] = set()
        while True:
            escaped = engine.escaped
            _enter(engine, mentions)
            is_over = not _enter_given(engine, called)
            if escaped != engine.escaped:
                called.clear()
            elif is_over:
                break
    _name_those_of_blueprints(engine)
    made = uses.of_tasks(engine, engine.live(list(engine.roots)))
    problems = (
        *program.problems,
        *engine.notes.told(uses.called(made), unfollowed.possible(engine)),
        *unfollowed.problems(engine, made, mentions),
    )
    return Reading(made, problems, engine, reached.Mentions(program))


@contextlib.contextmanager
def _in_one_go() -> abc.Generator[None]:
    """Let expressions be deep, and leave garbage alone: what is made is kept to the end.

    Nor is it looked through afterwards, which takes as long as a fifth of the reading; the next
    reading takes up what is garbage by then.
    """
    collects, limit = gc.isenabled(), sys.getrecursionlimit()
    gc.disable()
    gc.unfreeze()
    sys.setrecursionlimit(max(limit, _RECURSION))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
        gc.freeze()
        if collects:
            gc.enable()


def _name_those_of_blueprints(engine: Engine) -> None:
    for blueprint, infos in engine.declared.items():
        prefixes = engine.look(("prefix", blueprint))
        prefix = next(iter(prefixes)) if len(prefixes) == 1 else None
        if isinstance(prefix, str) and HOLE not in prefix:
            for info in infos:
                info.prefix = prefix


def functions(reading: Reading) -> tuple[str, ...]:
    """Return the names of the functions of Lambda that the program declares."""
    return tuple(dict.fromkeys(map(handlers.function_of, reading.engine.handlers.infos())))


def of_functions(reading: Reading, names: Collection[str]) -> Reading:
    """Return what of *reading* some functions may do; see `reached`."""
    roots = reached.roots(reading.engine, reading.mentions, names)
    return _of_tasks(reading, reading.engine.live(roots))


def of_no_function(reading: Reading) -> Reading:
    """Return what of *reading* none of the functions does: the code that nobody is seen to call."""
    engine = reading.engine
    called = set(engine.live(reached.roots(engine, reading.mentions, functions(reading))))
    left = [task for task in engine.live(list(engine.roots)) if task not in called]
    return _of_tasks(reading, left)


def _of_tasks(reading: Reading, tasks: list[Task]) -> Reading:
    problems = reading.engine.notes.of_tasks(reading.problems, tasks)
    return replace(reading, uses=uses.of_tasks(reading.engine, tasks), problems=problems)


class _Language:
    """The parts of the interpreter, for each other."""

    evaluate = staticmethod(expressions.evaluate)
    bind = staticmethod(statements.bind)
    call = staticmethod(calls.call)
    attribute = staticmethod(objects.read)
    write = staticmethod(objects.write)
    entered = staticmethod(objects.entered)
    item = staticmethod(known.item)
    members = staticmethod(sdk.items)


_LANGUAGE: Language = _Language()


def execute(engine: Engine, task: Task) -> Value:
    """Run the body of *task* once and return what it returns."""
    # Made here, as `dict[str, Value]`, the default of a field, takes ten times as long.
    run = Run(engine, task, _LANGUAGE, env={}, before={}, uses={})
    closure = task.closure
    if closure is None:
        run.shared, run.is_plain = True, False
        statements.execute(run, task.source.tree.body)
        task.uses = list(run.uses.values())
        return NOTHING
    _receive(run, closure)
    node = closure.info.node
    if isinstance(node, ast.Lambda):
        value = expressions.evaluate(run, node.body)
    else:
        ends = statements.execute(run, node.body)
        value = join(run.returns, _NONE) if ends else run.returns
    if run.is_generator:
        value = frozenset([Generator(run.yields)])
    if not isinstance(node, ast.Lambda):
        value = annotated.returned(run, value, node.returns)
    task.uses = list(run.uses.values())
    return value


def _receive(run: Run, closure: Closure) -> None:
    """Give the parameters of *closure* what the task has for them, or their defaults."""
    args = closure.info.node.args
    for item in closure.info.received:
        value = run.task.params.get(item.arg)
        if value is None:
            value = run.engine.read(("default", closure, item.arg), run.task)
        elif UNKNOWN in value:
            # Whoever calls it may leave its own client to it.
            default = run.engine.read(("default", closure, item.arg), run.task)
            if default:
                value = join(value, frozenset(filter(is_sdk, default)))
        if item.annotation is not None:
            is_extra = item is args.vararg or item is args.kwarg
            whole = annotated.parameter if is_extra else annotated.refined
            value = whole(run, value, item.annotation)
        run.env[item.arg] = value


# --- what nobody in the program calls ----------------------------------------------------------


def _enter_handlers(engine: Engine) -> None:
    """Call what the framework calls: what runs for it is not called with anything by others."""
    entered: set[object] = set()
    while left := [atom for atom in engine.handlers.called if atom not in entered]:
        for atom in left:
            entered.add(atom)
            for closure, on in handlers.methods_called(engine, atom):
                _call_with_anything(engine, closure, on)
            engine.settle()


def _enter(engine: Engine, mentions: Counter[str]) -> None:
    """Call what the framework calls, then what nobody mentions, then what nobody calls."""
    _enter_handlers(engine)
    tests: tuple[Callable[[Closure], bool], ...] = (
        # Functions first: what they make are the objects that methods are called on.
        lambda closure: closure.info.owner is None and mentions[closure.info.name] <= 1,
        lambda closure: mentions[closure.info.name] <= 1 and not reached.is_special(closure),
        reached.is_special,
        lambda closure: True,
    )
    # Functions that have been called, with what had escaped by then: no other call is anything new.
    called: dict[Closure, Value] = {}
    for test in tests:
        entered: set[Closure] = set()
        while True:
            left = [
                closure
                for closure in list(engine.closures)
                if closure not in entered and test(closure) and _is_left(engine, closure)
            ]
            if not left:
                break
            # What is written below calls what is above more often than the other way round.
            for closure in reversed(left):
                entered.add(closure)
                if not _is_left(engine, closure):
                    continue
                if closure.info.owner is None and called.get(closure) is engine.escaped:
                    engine.steps += 1
                    continue
                called[closure] = engine.escaped
                _call_with_anything(engine, closure)
                engine.settle()


def _enter_given(engine: Engine, called: set[handing.Found]) -> bool:
    """Call what somebody has been given who is not known; return whether that is anything new."""
    is_new = False
    while given := handing.reached(engine) - called:
        is_new = True
        called |= given
        for closure, owner, beside in sorted(given, key=_place):
            _call_with_anything(engine, closure, owner, beside)
            engine.settle()
    return is_new


def _place(given: handing.Found) -> tuple[str, int]:
    info = given[0].info
    return info.source.path, info.node.lineno


def _is_left(engine: Engine, closure: Closure) -> bool:
    """Whether *closure* is called by somebody who is not known."""
    roots = engine.roots
    called = [task for task in engine.closures[closure] if task.runs and task not in roots]
    return not called and closure not in engine.handlers.called


def _call_with_anything(
    engine: Engine, closure: Closure, on: object = None, beside: Value = NOTHING
) -> None:
    """Call *closure* on *on*, or else on every object that it may be called on.

    What it is given may be anything, and *beside*.
    """
    anything = join(_anything(engine), beside)
    params: dict[str, Value] = {}
    info = closure.info
    names = list(info.positional)
    if (info.owner is not None or on is not None) and info.kind != "static" and names:
        owners = _owners(engine, closure) if on is None else [on]
        if on is None and info.name == "__call__" and owners:
            owners = [owner for owner in owners if owner not in engine.handlers.called]
            if not owners:
                return
        given = dict.fromkeys(names[1:], anything)
        if len(owners) > MOST_CONTEXTS:
            _call(engine, closure, {names[0]: join(NOTHING, frozenset(owners)), **given}, None)
            return
        for owner in owners:
            _call(engine, closure, {names[0]: frozenset([owner]), **given}, owner)
        if owners:
            return
    params = dict.fromkeys(names, anything)
    _call(engine, closure, params, None)


def _anything(engine: Engine) -> Value:
    """Return what somebody who is not known may give: anything, and what was given to many."""
    return join(ANYTHING, engine.escaped)


def _call(engine: Engine, closure: Closure, params: dict[str, Value], owner: object) -> None:
    args = closure.info.node.args
    for item in args.kwonlyargs:
        params[item.arg] = ANYTHING
    if args.vararg is not None:
        params[args.vararg.arg] = frozenset([Tuple((), ANYTHING)])
    if args.kwarg is not None:
        params[args.kwarg.arg] = frozenset([Record((), ANYTHING)])
    engine.call(closure, params, owner, None)


def _owners(engine: Engine, closure: Closure) -> list[object]:
    """Return the objects that a method is called on: those of its class and of classes below."""
    owner = closure.info.owner
    classes = list(engine.made_of.get(owner, ())) if owner is not None else []
    if closure.info.kind == "class":
        return list(classes)
    found: dict[Instance, None] = {}
    own, seen = frozenset(classes), dict.fromkeys(classes)
    left = deque(classes)
    while left and len(found) <= MOST_CONTEXTS:
        of = left.popleft()
        engine.steps += 1
        found.update(engine.instances.get(of, {}))
        for item in engine.subclasses.get(of, ()):
            # What is so far below that it does not see the method has none of its own, either.
            if item not in seen and not own.isdisjoint(engine.lineage_of(item)):
                seen[item] = None
                left.append(item)
    if found:
        return list(found)
    return [_made(engine, of) for of in list(seen)[:MOST_CONTEXTS]]


def _made(engine: Engine, of: ClassOf) -> Instance:
    """Return an object of a class that nobody in the program makes."""
    instance = engine.instance(of, "entry")
    for base in [of, *(atom for atom in engine.look(("bases", of)) if isinstance(atom, ClassOf))]:
        begins = engine.look(("attr", base, "__init__"))
        for atom in begins:
            if isinstance(atom, Closure):
                names = atom.info.positional
                given = dict.fromkeys(names[1:], ANYTHING)
                # `def __init__(*args)` names nothing.
                own = {name: frozenset([instance]) for name in names[:1]}
                _call(engine, atom, {**own, **given}, instance)
        if begins:
            break
    return instance
