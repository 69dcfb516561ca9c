"""CloudFormation in memory: one stack, and what comes of each operation as a test lays it down."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chalice.aws.cloudformation import ChangeSet, Event, Stack
from chalice.aws.errors import AwsError, Denied

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

STACK_ID = "arn:aws:cloudformation:eu-central-1:1:stack/shop-dev/1"
STACK = "AWS::CloudFormation::Stack"


@dataclass(frozen=True)
class Step:
    """Something that happens: to the stack, or to one of its resources."""

    status: str
    of: str = ""
    reason: str = ""


@dataclass
class StacksInMemory:
    """One stack; each look at its events lets the next thing happen.

    Attributes:
        status: that of the stack; empty where there is none any more.
        comes: what comes of an operation each time that it is begun, in turn.
        refusals: what an operation is refused with, in turn.
        denied: look-ups that the caller may not make.
        tags: those of the stack.
        late: so many looks after an operation show the state before.
    """

    status: str = "UPDATE_COMPLETE"
    comes: dict[str, list[Sequence[Step]]] = field(default_factory=dict)
    refusals: dict[str, list[AwsError]] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    tags: dict[str, str] = field(default_factory=dict)
    late: int = 0
    known_change_sets: dict[str, ChangeSet] = field(default_factory=dict)
    wrong: tuple[Event, ...] = ()
    calls: list[tuple[str, str]] = field(default_factory=list)
    looked_at: int = 0
    log: list[Event] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    coming: list[tuple[str, Step]] = field(default_factory=list)

    def happened(self, token: str, *steps: Step) -> None:
        """Note what has happened to the stack before."""
        for step in steps:
            self._happens(token, step)

    def _happens(self, token: str, step: Step) -> None:
        number = len(self.log) + 1
        at = datetime.fromtimestamp(number, UTC)
        own = not step.of
        self.log.append(
            Event(
                f"event-{number}",
                at,
                step.of or "shop-dev",
                STACK_ID if own else step.of,
                STACK if own else "AWS::Lambda::Function",
                step.status,
                step.reason,
                token,
            )
        )
        if own:
            self.status = "" if step.status == "DELETE_COMPLETE" else step.status

    def _begin(self, operation: str, token: str) -> None:
        self.calls.append((operation, token))
        refusals = self.refusals.get(operation)
        if refusals:
            raise refusals.pop(0)
        if token in self.tokens:
            raise AwsError("TokenAlreadyExistsException", operation, "that token exists")
        self.tokens.add(token)
        self.coming += [(token, step) for step in self.comes[operation].pop(0)]

    def _look(self, operation: str) -> None:
        if operation in self.denied:
            raise Denied("AccessDenied", operation, "", service="cloudformation")

    def stack(self, name: str) -> Stack | None:
        self._look("DescribeStacks")
        found = Stack(STACK_ID, "shop-dev", self.status, tags=self.tags)
        return found if self.status and name in {found.id, found.name} else None

    def template(self, name: str, stage: str = "Original") -> dict[str, Any]:
        return {}

    def events(self, name: str) -> Iterable[Event]:
        self._look("DescribeStackEvents")
        if self.coming and self.late:
            self.late -= 1
        elif self.coming:
            self._happens(*self.coming.pop(0))
        for event in reversed(self.log):
            self.looked_at += 1
            yield event

    def validations(self, *, stack: str = "", change_set: str = "") -> tuple[Event, ...]:
        self._look("DescribeEvents")
        return self.wrong

    def create_change_set(self, wanted) -> None:
        self.calls.append(("CreateChangeSet", wanted.name))

    def change_set(self, stack: str, name: str) -> ChangeSet | None:
        self._look("DescribeChangeSet")
        self.calls.append(("DescribeChangeSet", name))
        return self.known_change_sets.get(name)

    def execute(self, stack: str, change_set: str) -> None:
        self._begin("ExecuteChangeSet", change_set)

    def delete_change_set(self, stack: str, name: str) -> None:
        self._look("DeleteChangeSet")
        self.calls.append(("DeleteChangeSet", name))

    def delete_stack(self, name: str, token: str) -> None:
        self._begin("DeleteStack", token)

    def continue_rollback(self, name: str, token: str) -> None:
        if self.status != "UPDATE_ROLLBACK_FAILED":
            raise AwsError("ValidationError", "ContinueUpdateRollback", f"from {self.status}")
        self._begin("ContinueUpdateRollback", token)

    def rollback_stack(self, name: str, token: str) -> None:
        if self.status not in {"CREATE_FAILED", "UPDATE_FAILED"}:
            raise AwsError("ValidationError", "RollbackStack", f"from {self.status}")
        self._begin("RollbackStack", token)


def change_set(name: str, execution: str, reason: str = "", status: str = "CREATE_COMPLETE"):
    """Return a change set in a state."""
    return ChangeSet("arn:" + name, name, STACK_ID, status, execution, reason, "", ())


def stack_of(api: StacksInMemory) -> Stack:
    """Return the stack as it is."""
    found = api.stack("shop-dev")
    assert found is not None
    return found
