"""What the reader takes note of as it goes: each a warning with its place, told once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from chalice.diagnostics import Problem
from chalice.permissions.reading.values import Unset

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from chalice.permissions.reading.engine import Task
    from chalice.permissions.reading.values import ClassOf, Value

_OPERATION_UNKNOWN, _VARIABLE_MISSING = "policy-operation-unknown", "policy-variable-missing"

#: What to do about a call on something that is not known.
HINT = (
    "annotate it with a type that is imported from `mypy_boto3_...`, or write the statement into a"
    " policy file of your own"
)


@dataclass(slots=True)
class Notes:
    """The problems of a reading, by code and place.

    Attributes:
        problems: all of them.
        variables: the places where code asks for variables that are not set, by who runs it.
        asks_for_unset: whether there is one.
        defaulted: those of these places where code has something else for it.
        has_many_bases: whether a class with too many bases is told of.
        meant: where something of the project has what an attribute is called.
    """

    problems: dict[tuple[str, str], Problem] = field(default_factory=dict[tuple[str, str], Problem])
    variables: dict[Task, set[str]] = field(default_factory=dict["Task", "set[str]"])
    asks_for_unset: bool = False
    defaulted: set[str] = field(default_factory=set[str])
    has_many_bases: bool = False
    meant: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def default(self, value: Value) -> None:
        """Take note that the code does something else where a variable in *value* is not set."""
        if self.asks_for_unset:
            self.defaulted.update(atom.where for atom in value if isinstance(atom, Unset))

    def problem(self, code: str, summary: str, where: str, hint: str) -> None:
        """Take note of what the reader cannot know."""
        if (code, where) not in self.problems:
            found = Problem(code, summary, where, hint, severity="warning")
            self.problems[code, where] = found

    def variable_missing(self, name: str, where: str, task: Task) -> None:
        """Take note of a variable that *task* asks for, and that is not set in the stage."""
        summary = f"the environment variable `{name}` is not set in this stage"
        hint = f"set `{name}` in `environment_variables`; until then it stands for anything"
        self.asks_for_unset = True
        self.problem(_VARIABLE_MISSING, summary, where, hint)
        self.variables.setdefault(task, set()).add(where)

    def of_tasks(self, problems: Iterable[Problem], tasks: Iterable[Task]) -> tuple[Problem, ...]:
        """Return *problems* but for variables that none of *tasks* asks for."""
        asked = {where for task in tasks for where in self.variables.get(task, ())}
        return tuple(
            item for item in problems if item.code != _VARIABLE_MISSING or item.where in asked
        )

    def lost(self, where: str) -> None:
        """Take note of a call of something that was one of too many things."""
        summary = "what is called here is one of more functions than are told apart"
        hint = "look at its statements in `chalice gen-policy --explain`, or write them yourself"
        self.problem("policy-bounded", summary, where, hint)

    def outside(self, what: str, where: str, hint: str = "") -> None:
        """Take note of calls of AWS that no client makes; of the first of each kind in a module.

        Args:
            what: calls them.
            where: `file:line`.
            hint: what else can be done than to write a policy file.
        """
        path, _, line = where.rpartition(":")
        key = (f"policy-outside-sdk {what}", path)
        known = self.problems.get(key)
        if known is not None and int(known.where.rpartition(":")[2]) <= int(line):
            return
        summary = f"{what} is not in the policy"
        hint += "write the statements into a policy file of your own"
        self.problems[key] = Problem("policy-outside-sdk", summary, where, hint, severity="warning")

    def missing(self, service: str, name: str, where: str) -> None:
        """Take note of an operation, paginator or waiter that botocore does not know."""
        code = _OPERATION_UNKNOWN
        key = (f"{code} {name}", where)
        # Asked for in each run of what it is in.
        if key not in self.problems:
            summary = f"`{service}` has no `{name}` in the botocore that Chalice runs with"
            hint = "correct the name, or upgrade botocore"
            self.problems[key] = Problem(code, summary, where, hint, severity="warning")

    def told(
        self, known: Iterable[tuple[str, str]], possible: Collection[str] = ()
    ) -> list[Problem]:
        """Return the problems but for operations that something else has, and variables' defaults.

        Where one of several things is called, those that have the operation are meant.

        Args:
            known: the operations that were found, by place and name.
            possible: operations that may be there all the same, as not all was followed.
        """
        left = dict(self.problems)
        for where in self.defaulted:
            left.pop((_VARIABLE_MISSING, where), None)
        for where, name in (*known, *self.meant):
            left.pop((f"{_OPERATION_UNKNOWN} {name}", where), None)
        for (code, where), problem in left.items() if possible else ():
            name = code.removeprefix(f"{_OPERATION_UNKNOWN} ")
            if name in possible:
                summary = f"what has `{name}` here was followed only so far"
                left[code, where] = replace(
                    problem, code="policy-not-followed", summary=summary, hint=HINT
                )
        return list(left.values())

    def no_service(self, name: str, where: str) -> None:
        """Take note of a service that botocore does not know."""
        summary = f"the botocore that Chalice runs with knows no service `{name}`"
        hint = "correct the name, or upgrade botocore"
        self.problem("policy-service-unknown", summary, where, hint)

    def too_deep(self, where: str) -> None:
        """Take note of code that is nested too deeply."""
        summary = "this is nested too deeply to be read"
        self.problem("policy-too-deep", summary, where, "split it over several statements")

    def many_bases(self, of: ClassOf) -> None:
        """Take note of a class with so many bases that not all are looked at; of the first one."""
        if not self.has_many_bases:
            self.has_many_bases = True
            where = f"{of.info.source.path}:{of.info.node.lineno}"
            summary = f"class `{of.info.name}` has more bases than are followed"
            hint = "what its methods need may be missing: write it into a policy file of your own"
            self.problem("policy-bounded", summary, where, hint)
