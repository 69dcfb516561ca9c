"""What is known of a program, and the search for the point where nothing more is learnt.

A `Task` is one body that runs: a module, or a function with what it was given. What tasks learn
goes into the store, by key; whoever has read a key runs again when it grows. Values only grow and
are bounded, so the search ends. That it ends soon is seen to by a count of steps, for which a
program has a budget in proportion to its size:

1. At first a function is read for each of several sets of arguments by itself.
2. From a part of the budget on, it is read for all of them together.
3. When the budget is spent, what has never been read is read once and nothing a second time. What
   has then learnt less than it might is `unfinished`, and `unfollowed` says so.
"""

from __future__ import annotations

from collections import Counter
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, TypeVar

from chalice.permissions.reading.handlers import Handlers
from chalice.permissions.reading.notes import Notes
from chalice.permissions.reading.store import Store
from chalice.permissions.reading.values import (
    ANYTHING,
    NOTHING,
    UNKNOWN,
    Bound,
    Box,
    ClassOf,
    Closure,
    Instance,
    Value,
    join,
)

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Mapping, Sequence

    from chalice.permissions.reading.program import ClassInfo, FunctionInfo, Program, Source
    from chalice.permissions.reading.services import Services
    from chalice.permissions.reading.values import Use

#: A function is read for each of so many sets of arguments by itself; for others, all together.
MOST_CONTEXTS = 12

#: The same for a function of so few lines: such ones make a client of a name, or a name of parts,
#: and what they return says which service is called.
MOST_CONTEXTS_OF_SHORT, LINES_OF_SHORT = 96, 12

#: One of so few lines that is given texts alone is read for each of them to the end.
LINES_OF_TINY = 4

#: Calls inside calls that are followed at once; deeper ones wait for their turn.
DEEPEST = 24

#: Bodies that one function in the text of the program may be, with what is around it.
MOST_TASKS = 3 * MOST_CONTEXTS

#: How often one body is read before it is left as it is.
MOST_RUNS = 40

#: Steps that a program may take, for each character that is read and at least; and those of them
#: after which functions are no longer read for each set of arguments.
STEPS_EACH, MOST_STEPS_AT_LEAST, PART_FOR_EACH = 0.72, 100_000, 0.44

#: Steps that are kept for each line of what has not been read at all: that is read in any case.
STEPS_OF_LINE = 18

_TEXTS = (str, int)

_Made = TypeVar("_Made")


class Task:
    """One body that runs, with what came of its last run. As a key, it is what it returns."""

    __slots__ = (
        "callees",
        "closure",
        "of",
        "owner",
        "params",
        "running",
        "runs",
        "source",
        "uses",
    )

    def __init__(
        self, source: Source, closure: Closure | None, params: dict[str, Value], owner: object
    ) -> None:
        self.source = source
        self.closure = closure
        self.params = params
        self.owner = owner
        self.uses: list[Use] = []
        self.callees: dict[Task, None] = {}
        self.of: dict[Task, None] = {}
        """Tasks of single sets of arguments that this one is read in the place of."""
        self.runs = 0
        self.running = False


class Engine(Store):
    """What is known, the tasks and the order in which they run."""

    def __init__(
        self,
        program: Program,
        services: Services,
        environ: Mapping[str, str],
        execute: Callable[[Engine, Task], Value],
    ) -> None:
        self.notes = Notes()
        super().__init__(self._later, self.notes)
        self.program = program
        self.services = services
        self.environ = environ
        self.roots: dict[Task, None] = {}
        self.closures: dict[Closure, list[Task]] = {}
        self.instances: dict[ClassOf, dict[Instance, None]] = {}
        self.made_of: dict[ClassInfo, dict[ClassOf, None]] = {}
        # The classes whose own bodies give a name a value, by the name.
        self.defining: dict[str, dict[ClassOf, None]] = {}
        self.decorated: dict[object, set[object]] = {}
        self.handlers = Handlers()
        # What the framework calls, by what it is declared on.
        self.declared: dict[object, set[FunctionInfo]] = {}
        self.unfinished: dict[Task, None] = {}
        self.unknown_calls: dict[ast.Call, str] = {}
        self.escaped: Value = NOTHING
        # What somebody has who is not known, and may call; see `handing`.
        self.given: dict[object, Value] = {}
        self.givers: dict[object, dict[Task, None]] = {}
        # Classes that have a base which is not known, or a metaclass.
        self.open: dict[ClassOf, None] = {}
        # The names that the bodies of classes give a value.
        self.defined: dict[ClassOf, dict[str, None]] = {}
        # Functions by name, and the names that were looked up in what had too many objects.
        self.named: dict[str, dict[Closure, None]] = {}
        self.lost_names: dict[str, None] = {}
        # Methods of clients that were given to what is not known: where, of which service.
        self.handed: dict[tuple[str, str], tuple[str, int]] = {}
        # Names whose annotation says what they are.
        self.typed: set[str] = set()
        self.resources: set[str] = set()
        self.members: dict[str, dict[ClassOf, None]] = {}
        # Dicts with keys of which CloudFormation knows a part.
        self.partial: set[Box] = set()
        # The names that the loops of each comprehension give values.
        self.looped: dict[ast.AST, tuple[str, ...]] = {}
        self.infos: dict[ast.AST, FunctionInfo] = {}
        # Lines of the functions that have been found and not read.
        self.unread = 0
        self.classes: dict[ast.AST, ClassInfo] = {}
        self._execute = execute
        # Those in which functions are read for one set of arguments, and for all.
        self._contexts: dict[object, Task] = {}
        self._for_any: dict[Closure, Task] = {}
        self._tasks_of: Counter[FunctionInfo] = Counter()
        self._made: dict[tuple[object, ...], Any] = {}
        self._modules: dict[str, Task] = {}
        self._left: list[tuple[int, int, Task]] = []
        self._turn = 0
        self._waiting: set[Task] = set()
        self._read_infos: set[FunctionInfo] = set()
        self._depth = 0
        self._most = max(MOST_STEPS_AT_LEAST, int(STEPS_EACH * program.characters))
        self._most_for_each = self._most * PART_FOR_EACH

    # --- tasks ---------------------------------------------------------------------------------

    def module(self, name: str, importer: Task | None) -> bool:
        """Run the module *name* of the project unless it has; return whether there is one."""
        source = self.program.sources.get(name)
        if source is None:
            return False
        task = self._modules.get(name)
        if task is None:
            task = self._modules[name] = Task(source, None, {}, None)
            self.run(task)
        if importer is None:
            self.roots[task] = None
        else:
            importer.callees[task] = None
        return True

    def call(
        self, closure: Closure, params: dict[str, Value], owner: object, caller: Task | None
    ) -> Value:
        """Return what *closure* returns for *params*, as far as it is known."""
        task = self._context(closure, params, owner)
        if caller is None:
            self.roots[task] = None
        else:
            caller.callees[task] = None
        if not task.runs and not task.running:
            self.run(task)
        if not task.runs and task in self.unfinished:
            return ANYTHING
        return self.read(task, caller) if caller is not None else self.look(task)

    def _context(self, closure: Closure, params: dict[str, Value], owner: object) -> Task:
        key = (closure, owner, tuple(params), tuple(params.values()))
        self.steps += 1
        task = self._contexts.get(key)
        if task is not None:
            return task
        known, info = self.closures[closure], closure.info
        most = MOST_CONTEXTS_OF_SHORT if info.lines <= LINES_OF_SHORT else MOST_CONTEXTS
        hurries = self.hurries and not _is_tiny(info, params)
        if known and (
            len(known) >= most or hurries or self._tasks_of[info] >= max(MOST_TASKS, most)
        ):
            return self._for_all(closure, params)
        task = self._contexts[key] = self._new(closure, params, owner)
        return task

    def _new(self, closure: Closure, params: dict[str, Value], owner: object) -> Task:
        task = Task(closure.info.source, closure, dict(params), owner)
        self._tasks_of[closure.info] += 1
        self.closures[closure].append(task)
        return task

    def _for_all(self, closure: Closure, params: dict[str, Value]) -> Task:
        """Return the task in which a function is read for all arguments that it is given."""
        task = self._for_any.get(closure)
        if task is None:
            task = self._for_any[closure] = self._new(closure, params, None)
            return task
        for name, value in params.items():
            before = task.params.get(name, NOTHING)
            if value <= before:
                continue
            more = _without_texts(value) if UNKNOWN in before else value
            if not more <= before:
                task.params[name] = _widened(join(before, more))
                self._later(task)
        return task

    @property
    def hurries(self) -> bool:
        """Whether functions are read for all arguments together, and pairs are, too."""
        return self.steps > self._most_for_each

    @property
    def is_spent(self) -> bool:
        """Whether nothing is read a second time any more."""
        return self.steps + STEPS_OF_LINE * self.unread > self._most

    def run(self, task: Task) -> None:
        """Run *task* at once, or later if calls are too deep."""
        if task.running or (self._depth >= DEEPEST and not task.runs):
            self._later(task)
            return
        if task.runs >= MOST_RUNS or (self.is_spent and (task.runs or self._is_known(task))):
            self._bounded(task)
            return
        if task.runs and self.hurries and self._is_one_of_several(task) and self._stands_in(task):
            return
        self._read(task)

    def _is_known(self, task: Task) -> bool:
        """Whether what *task* would run has been read, with something else around it."""
        if task.closure is None or task.closure.info not in self._read_infos:
            return False
        return not _is_tiny(task.closure.info, task.params)

    def _is_one_of_several(self, task: Task) -> bool:
        return task.closure is not None and self._tasks_of[task.closure.info] > 1

    def _stands_in(self, task: Task) -> bool:
        """Read *task* with the others of its function; return whether that is another task."""
        assert task.closure is not None  # noqa: S101 - modules have no arguments
        whole = self._for_all(task.closure, task.params)
        if whole is task:
            return False
        task.callees[whole] = None
        if task not in whole.of:
            whole.of[task] = None
            task.uses = []
        if not whole.runs:
            self.run(whole)
        self.write(task, self.look(whole))
        return True

    def _read(self, task: Task) -> None:
        self._depth += 1
        task.runs += 1
        if task.closure is not None and task.closure.info not in self._read_infos:
            self._read_infos.add(task.closure.info)
            self.unread -= task.closure.info.lines
        task.running = True
        task.uses = []
        task.callees = {}
        try:
            value = self._execute(self, task)
        finally:
            self._depth -= 1
            task.running = False
        self.write(task, value)
        for other in task.of:
            self.write(other, value)

    def settle(self) -> None:
        """Run what waits until nothing is learnt any more."""
        while self._left:
            _, _, task = heappop(self._left)
            self._waiting.discard(task)
            self.run(task)

    def live(self, roots: Sequence[Task]) -> list[Task]:
        """Return the tasks that *roots* lead to, with what is known now."""
        found: dict[Task, None] = {}
        left = list(roots)
        while left:
            task = left.pop()
            if task not in found:
                found[task] = None
                left.extend(task.callees)
        return list(found)

    def _later(self, task: Task) -> None:
        if task not in self._waiting:
            self._waiting.add(task)
            # What has run most waits longest: by then more is known of what it asks for.
            self._turn += 1
            heappush(self._left, (task.runs, self._turn, task))

    def _bounded(self, task: Task) -> None:
        self.unfinished[task] = None

    # --- functions -----------------------------------------------------------------------------

    def made(self, info: FunctionInfo, outer: object) -> Closure:
        """Return the function that *info* makes in the run *outer*, and remember it."""
        closure = self._once(Closure, info, outer)
        self.closures.setdefault(closure, [])
        self.named.setdefault(info.name, {})[closure] = None
        return closure

    def class_of(self, info: ClassInfo, outer: object) -> ClassOf:
        """Return the class that *info* makes in the run *outer*, and remember it."""
        of = self._once(ClassOf, info, outer)
        self.made_of.setdefault(info, {})[of] = None
        return of

    def box(self, node: object, inside: object) -> Box:
        """Return what is made at *node* in the run *inside*."""
        return self._once(Box, node, inside)

    def _once(self, kind: Callable[..., _Made], *parts: object) -> _Made:
        key = (kind, *parts)
        made: _Made | None = self._made.get(key)
        if made is None:
            made = self._made[key] = kind(*parts)
        return made

    def instance(self, of: ClassOf, site: object) -> Instance:
        """Return what *of* makes at *site*; those of very many places are one."""
        known = self.instances.setdefault(of, {})
        found = self._once(Instance, of, site)
        if found not in known and len(known) >= MOST_CONTEXTS * 2:
            found = self._once(Instance, of, "every")
        known[found] = None
        return found


def _widened(value: Value) -> Value:
    """Return *value*, or anything in the place of its texts where they are many: they may grow."""
    if len(value) <= MOST_CONTEXTS // 2:
        return value
    count = sum(isinstance(atom, _TEXTS) for atom in value)
    return value if count <= MOST_CONTEXTS // 2 else _without_texts(value) | ANYTHING


def _is_tiny(info: FunctionInfo, params: Mapping[str, Value]) -> bool:
    """Return whether a function is so short, and is given one text each time, as makers are."""
    return (
        info.lines <= LINES_OF_TINY
        and bool(params)
        and all(len(item) == 1 and isinstance(next(iter(item)), str) for item in params.values())
    )


def _without_texts(value: Value) -> Value:
    return frozenset([atom for atom in value if not isinstance(atom, _TEXTS)])


def bind(
    closure: Closure,
    args: tuple[Value, ...],
    keywords: dict[str, Value],
) -> tuple[dict[str, Value], tuple[Value, ...], dict[str, Value]]:
    """Return what each parameter of *closure* gets, and what is left over for `*` and `**`."""
    names = closure.info.positional
    params = dict(zip(names, args, strict=False))
    others: dict[str, Value] = {}
    if keywords:
        for name, value in keywords.items():
            if name in closure.info.named:
                params[name] = join(params.get(name, NOTHING), value)
            else:
                others[name] = value
    return params, args[len(names) :], others


def plain(callee: object) -> tuple[Closure | None, object]:
    """Return the function behind *callee*, and what it is called on."""
    if isinstance(callee, Bound):
        return callee.function, callee.owner
    return (callee, None) if isinstance(callee, Closure) else (None, None)
