"""What is known of a program, and the search for the point where nothing more is learnt.

A `Task` is one body that runs: a module, or a function with what it was given. What tasks learn
goes into the store, by key; whoever has read a key runs again when it grows. Values only grow and
are bounded, so the search ends; a task that has run very often is left as it is, with a problem.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from chalice.diagnostics import Problem
from chalice.permissions.values import (
    ANYTHING,
    NOTHING,
    UNKNOWN,
    Bound,
    ClassOf,
    Closure,
    Instance,
    Value,
    join,
)

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Mapping, Sequence

    from chalice.permissions.program import ClassInfo, FunctionInfo, Program, Source
    from chalice.permissions.services import Services
    from chalice.permissions.values import Use

#: A function is read for each of so many sets of arguments by itself; for others, all together.
MOST_CONTEXTS = 12

#: Calls inside calls that are followed at once; deeper ones wait for their turn.
DEEPEST = 24

#: How often one body is read before it is left as it is.
MOST_RUNS = 40

#: How often bodies are read in all, for each function that there is, and at least.
MOST_RUNS_EACH, MOST_RUNS_IN_ALL = 6, 4000


class Task:
    """One body that runs, with what came of its last run."""

    __slots__ = ("callees", "closure", "owner", "params", "running", "runs", "source", "uses")

    def __init__(
        self, source: Source, closure: Closure | None, params: dict[str, Value], owner: object
    ) -> None:
        self.source = source
        self.closure = closure
        self.params = params
        self.owner = owner
        self.uses: list[Use] = []
        self.callees: set[Task] = set()
        self.runs = 0
        self.running = False


class Engine:
    """The store, the tasks and the order in which they run."""

    def __init__(
        self,
        program: Program,
        services: Services,
        environ: Mapping[str, str],
        execute: Callable[[Engine, Task], Value],
    ) -> None:
        self.program = program
        self.services = services
        self.environ = environ
        self.problems: dict[tuple[str, str], Problem] = {}
        self.roots: dict[Task, None] = {}
        self.closures: dict[Closure, list[Task]] = {}
        self.instances: dict[ClassOf, dict[Instance, None]] = {}
        self.subclasses: dict[ClassOf, dict[ClassOf, None]] = {}
        self.infos: dict[ast.AST, FunctionInfo] = {}
        self.classes: dict[ast.AST, ClassInfo] = {}
        self._execute = execute
        self._store: dict[object, Value] = {}
        self._readers: dict[object, set[Task]] = {}
        self._contexts: dict[object, Task] = {}
        self._modules: dict[str, Task] = {}
        self._left: deque[Task] = deque()
        self._waiting: set[Task] = set()
        self._depth = 0
        self._runs = 0

    # --- the store -----------------------------------------------------------------------------

    def read(self, key: object, task: Task) -> Value:
        """Return what is under *key*; *task* runs again when that grows."""
        self._readers.setdefault(key, set()).add(task)
        return self._store.get(key, NOTHING)

    def look(self, key: object) -> Value:
        """Return what is under *key*, once all is known."""
        return self._store.get(key, NOTHING)

    def write(self, key: object, value: Value) -> None:
        """Add *value* to what is under *key*."""
        before = self._store.get(key)
        if before is None:
            self._store[key] = after = value
            if not value:
                return
        elif value <= before:
            return
        else:
            self._store[key] = after = join(before, value)
        if after != before:
            for reader in self._readers.get(key, ()):
                self._later(reader)

    def names_of(self, module: str) -> list[str]:
        """Return the names that *module* has given a value."""
        return [
            key[2]
            for key in list(self._store)
            if isinstance(key, tuple) and key[:2] == ("var", module)
        ]

    def problem(self, code: str, summary: str, where: str, hint: str) -> None:
        """Take note of what the reader cannot know."""
        found = Problem(code, summary, where, hint, severity="warning")
        self.problems.setdefault((code, where), found)

    def missing(self, service: str, name: str, where: str) -> None:
        """Take note of an operation, paginator or waiter that botocore does not know."""
        summary = f"`{service}` has no `{name}` in the botocore that Chalice runs with"
        hint = "correct the name, or upgrade botocore"
        self.problem("policy-operation-unknown", summary, where, hint)

    def no_service(self, name: str, where: str) -> None:
        """Take note of a service that botocore does not know."""
        summary = f"the botocore that Chalice runs with knows no service `{name}`"
        hint = "correct the name, or upgrade botocore"
        self.problem("policy-service-unknown", summary, where, hint)

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
            importer.callees.add(task)
        return True

    def call(
        self, closure: Closure, params: dict[str, Value], owner: object, caller: Task | None
    ) -> Value:
        """Return what *closure* returns for *params*, as far as it is known."""
        task = self._context(closure, params, owner)
        if caller is None:
            self.roots[task] = None
        else:
            caller.callees.add(task)
        if not task.runs and not task.running:
            self.run(task)
        key = ("return", task)
        return self.read(key, caller) if caller is not None else self.look(key)

    def _context(self, closure: Closure, params: dict[str, Value], owner: object) -> Task:
        key = (closure, owner, tuple(params.items()))
        task = self._contexts.get(key)
        if task is not None:
            return task
        known = self.closures.setdefault(closure, [])
        # A program that takes long is read with all arguments of a function together.
        if len(known) < (MOST_CONTEXTS if self._runs < self._most // 2 else 1):
            task = Task(closure.info.source, closure, params, owner)
            self._contexts[key] = task
            known.append(task)
            return task
        every = (closure, owner, "every")
        task = self._contexts.get(every)
        if task is None:
            task = self._contexts[every] = Task(closure.info.source, closure, dict(params), owner)
            known.append(task)
            return task
        for name, value in params.items():
            before = task.params.get(name, NOTHING)
            more = _without_texts(value) if UNKNOWN in before else value
            if not more <= before:
                task.params[name] = _widened(join(before, more))
                self._later(task)
        return task

    def run(self, task: Task) -> None:
        """Run *task* at once, or later if calls are too deep."""
        if self._depth >= DEEPEST or task.running:
            self._later(task)
            return
        if task.runs >= MOST_RUNS or (task.runs and self._runs >= self._most):
            self._bounded(task)
            return
        self._runs += 1
        self._depth += 1
        task.runs += 1
        task.running = True
        task.uses = []
        task.callees = set()
        try:
            value = self._execute(self, task)
        except RecursionError:
            where = f"{task.source.path}:1"
            summary = "an expression is nested too deeply to be read"
            self.problem("policy-too-deep", summary, where, "split it over several statements")
            value = ANYTHING
        finally:
            self._depth -= 1
            task.running = False
        self.write(("return", task), value)

    def settle(self) -> None:
        """Run what waits until nothing is learnt any more."""
        while self._left:
            task = self._left.popleft()
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

    @property
    def _most(self) -> int:
        return max(MOST_RUNS_IN_ALL, MOST_RUNS_EACH * len(self.closures))

    def _later(self, task: Task) -> None:
        if task not in self._waiting:
            self._waiting.add(task)
            self._left.append(task)

    def _bounded(self, task: Task) -> None:
        node = task.closure.info.node if task.closure is not None else None
        where = f"{task.source.path}:{node.lineno if node is not None else 1}"
        if self._runs >= self._most:
            # Told once: it is about the program, not about this function.
            where = ""
        summary = "what this code does was followed only so far"
        hint = "look at its statements in `chalice gen-policy --explain`, or write them yourself"
        self.problem("policy-bounded", summary, where, hint)

    # --- functions -----------------------------------------------------------------------------

    def made(self, info: FunctionInfo, outer: object) -> Closure:
        """Return the function that *info* makes in the run *outer*, and remember it."""
        closure = Closure(info, outer)
        self.closures.setdefault(closure, [])
        return closure

    def instance(self, of: ClassOf, site: object) -> Instance:
        """Return what *of* makes at *site*; those of very many places are one."""
        known = self.instances.setdefault(of, {})
        found = Instance(of, site)
        if found not in known and len(known) >= MOST_CONTEXTS * 2:
            found = Instance(of, "every")
        known[found] = None
        return found


def _widened(value: Value) -> Value:
    """Return *value*, or anything in the place of its texts where they are many: they may grow."""
    count = sum(isinstance(atom, str | int) for atom in value)
    return value if count <= MOST_CONTEXTS // 2 else _without_texts(value) | ANYTHING


def _without_texts(value: Value) -> Value:
    return frozenset(atom for atom in value if not isinstance(atom, str | int))


def bind(
    closure: Closure,
    args: tuple[Value, ...],
    keywords: dict[str, Value],
) -> tuple[dict[str, Value], tuple[Value, ...], dict[str, Value]]:
    """Return what each parameter of *closure* gets, and what is left over for `*` and `**`."""
    names = closure.info.positional
    params = dict(zip(names, args, strict=False))
    known = {item.arg for item in closure.info.params}
    others: dict[str, Value] = {}
    for name, value in keywords.items():
        if name in known:
            params[name] = join(params.get(name, NOTHING), value)
        else:
            others[name] = value
    return params, args[len(names) :], others


def plain(callee: object) -> tuple[Closure | None, object]:
    """Return the function behind *callee*, and what it is called on."""
    if isinstance(callee, Bound):
        return callee.function, callee.owner
    return (callee, None) if isinstance(callee, Closure) else (None, None)
