"""A stack, from a template to its outputs: the change set made, carried out and watched.

Every step may have been done before, by a run that was killed or whose answer was lost: then what
it left is taken up. A change set has a name that is made of what it changes, and of the state of
the stack that it changes; its name is also the token of all events that come of it.
"""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import TYPE_CHECKING

from chalice.aws.errors import AwsError
from chalice.deploy.failures import StackFailed, not_possible, refused
from chalice.deploy.waiting import Clock, Pauses
from chalice.diagnostics import ToolError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from chalice.aws.cloudformation import ChangeSet, CloudFormation, Event, NewChangeSet, Stack

    #: Is told what happens, in the order in which it does.
    Watcher = Callable[[Event], None]

_UNDER_WAY = frozenset({"CREATE_PENDING", "CREATE_IN_PROGRESS"})
# How it says that what it found wrong before it began is told elsewhere.
# Source: MiniStack's text (observed), which quotes that of CloudFormation's early validation.
_POINTS_ELSEWHERE = "DescribeEvents"
_WELL = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE"})
_GOING = frozenset({"DELETE_PENDING", "DELETE_IN_PROGRESS"})
# How CloudFormation says that there is nothing to change.
# Source: elias5000/clouds-aws#9 and aws/aws-toolkit-azure-devops#97, which quote them.
_NOTHING = ("didn't contain changes", "No updates are to be performed")
# A change set that somebody deletes each time is not worth more.
_MOST_TRIES = 5
# Events that one execution can have caused before its answer is missed.
_MOST_LOOKED_AT = 1_000


def change_set_name(content: str, stack: Stack | None) -> str:
    """Return the name of the change set that brings *stack* to *content*.

    Args:
        content: the hash of the template and the tags.
        stack: the stack as it is; None where there is none yet.
    """
    state = "new" if stack is None or stack.is_new else f"{stack.id} {stack.updated}"
    base = hashlib.sha256(state.encode()).hexdigest()[:12]
    return f"{mark_of(content)}{base}"


def mark_of(content: str) -> str:
    """Return what the names of all change sets begin with that bring a stack to *content*."""
    return f"chalice-{content[:20]}-"


def make(stacks: CloudFormation, wanted: NewChangeSet, clock: Clock) -> ChangeSet | None:
    """Return the change set *wanted*, made now or before; None where there is nothing to change.

    Raises:
        ToolError: CloudFormation refuses it, and says why.
    """
    for _ in range(_MOST_TRIES):
        try:
            stacks.create_change_set(wanted)
        except AwsError as error:
            if error.code != "AlreadyExistsException":
                raise refused(wanted.stack, error) from error
        found = _settled(stacks, wanted, clock)
        if found is None:
            continue
        if found.status == "FAILED":
            early = _POINTS_ELSEWHERE in found.reason
            wrong = stacks.validations(change_set=found.id) if early else ()
            stacks.delete_change_set(wanted.stack, wanted.name)
            if any(words in found.reason for words in _NOTHING):
                return None
            raise not_possible(wanted.stack, found.reason, wrong)
        if found.execution in {"AVAILABLE", "EXECUTE_IN_PROGRESS"}:
            return found
        stacks.delete_change_set(wanted.stack, wanted.name)
    raise ToolError(
        f"The change set `{wanted.name}` of the stack `{wanted.stack}` goes away while it is made:"
        " somebody else seems to deploy the same. Nothing was changed; run the command again"
    )


def _settled(stacks: CloudFormation, wanted: NewChangeSet, clock: Clock) -> ChangeSet | None:
    """Return a change set that is not being made any more; None where it went away."""
    pauses = Pauses(clock)
    while True:
        found = stacks.change_set(wanted.stack, wanted.name)
        if found is None or found.status == "DELETE_COMPLETE":
            return None
        if found.status not in _UNDER_WAY | _GOING:
            return found
        if not pauses.wait():
            raise ToolError(
                f"CloudFormation does not finish the change set `{wanted.name}` of the stack"
                f" `{wanted.stack}`. Nothing was changed; run the command again"
            )


def execute(stacks: CloudFormation, stack: str, change_set: str) -> None:
    """Begin to carry out a change set; one that is being carried out already is fine.

    Raises:
        Moved: the change set is not there any more: the stack is another one by now.
    """
    try:
        stacks.execute(stack, change_set)
    except AwsError as error:
        # Our own request may have arrived before, and its answer not.
        latest = islice(stacks.events(stack), _MOST_LOOKED_AT)
        if any(event.token == change_set for event in latest):
            return
        if error.code in {"InvalidChangeSetStatus", "ChangeSetNotFound"}:
            raise Moved(stack) from error
        raise


class Moved(ToolError):
    """A change set was made for a stack that is another one by now."""

    def __init__(self, stack: str) -> None:
        super().__init__(
            f"The stack `{stack}` was changed by somebody else since the plan was made, so it does"
            " not hold any more. Nothing was changed by this command. Look at what would change"
            " now: `chalice plan`; then deploy again"
        )


def follow(
    stacks: CloudFormation,
    stack_id: str,
    token: str,
    watch: Watcher,
    clock: Clock,
    places: Mapping[str, str] | None = None,
    well: Collection[str] = _WELL,
) -> Stack:
    """Return a stack when the operation *token* on it has ended well.

    Args:
        stacks: CloudFormation.
        stack_id: the stack's id.
        token: what the events of the operation carry.
        watch: is told each event once.
        clock: time.
        places: where each resource comes from in the project, by logical id.
        well: the states that it ends well in.

    Raises:
        StackFailed: the operation failed; with the first real cause.
        ToolError: it does not end.
    """
    seen: dict[str, Event] = {}
    pauses = Pauses(clock)
    while True:
        latest = _unseen(stacks, stack_id, token, seen)
        for event in latest:
            watch(event)
        if any(_ends(event, stack_id) for event in latest):
            break
        if latest:
            pauses.again()
        if not pauses.wait():
            raise ToolError(
                f"The operation on the stack `{stack_id}` has not ended yet; it goes on in the"
                " cloud. `chalice status` says how far it is"
            )
    stack = stacks.stack(stack_id)
    if stack is None:
        raise ToolError(f"The stack `{stack_id}` was removed by somebody else")
    if stack.status not in well:
        raise StackFailed(stack, _explained(stacks, stack_id, token, seen), places or {})
    return stack


def _explained(
    stacks: CloudFormation, stack_id: str, token: str, seen: Mapping[str, Event]
) -> tuple[Event, ...]:
    """Return the events that say why an operation failed."""
    if any(_POINTS_ELSEWHERE in event.reason for event in seen.values()):
        found = stacks.validations(stack=stack_id)
        own = tuple(event for event in found if event.token in {"", token})
        if own:
            return own
    return tuple(seen.values())


def _unseen(
    stacks: CloudFormation, stack_id: str, token: str, seen: dict[str, Event]
) -> list[Event]:
    """Return the events of an operation that are not among *seen*, the earliest first; add them."""
    found: list[Event] = []
    began = False
    for event in stacks.events(stack_id):
        if event.id in seen or (began and event.token != token):
            break
        if event.token == token:
            began = True
            found.append(event)
    found.reverse()
    seen.update((event.id, event) for event in found)
    return found


def _ends(event: Event, stack_id: str) -> bool:
    return event.physical_id == stack_id and not event.status.endswith("_IN_PROGRESS")


def remove(stacks: CloudFormation, stack: Stack, watch: Watcher, clock: Clock) -> None:
    """Remove a stack with its resources, and return when it is gone.

    Raises:
        StackFailed: something cannot be removed.
    """
    token = f"chalice-delete-{stack.id.rpartition('/')[2]}"[:128]
    if stack.status != "DELETE_IN_PROGRESS":
        stacks.delete_stack(stack.id, token)
    seen: dict[str, Event] = {}
    pauses = Pauses(clock)
    while True:
        now = stacks.stack(stack.id)
        if now is not None:
            latest = _removals(stacks, stack.id, seen)
            for event in latest:
                watch(event)
            if latest:
                pauses.again()
        if now is None or now.status == "DELETE_COMPLETE":
            return
        if now.status == "DELETE_FAILED":
            raise StackFailed(now, tuple(seen.values()), {})
        if not pauses.wait():
            raise ToolError(
                f"The stack `{stack.name}` is not removed yet; removing goes on in the cloud."
                " `chalice status` says how far it is"
            )


def _removals(stacks: CloudFormation, stack_id: str, seen: dict[str, Event]) -> list[Event]:
    """Return what was removed since the last look."""
    found: list[Event] = []
    try:
        for event in stacks.events(stack_id):
            if event.id in seen or not event.status.startswith("DELETE_"):
                break
            found.append(event)
    except AwsError:
        # A stack that is gone may have no events any more; whether it is gone is asked elsewhere.
        return []
    found.reverse()
    seen.update((event.id, event) for event in found)
    return found
