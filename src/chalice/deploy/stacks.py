"""A stack, from a template to its outputs: the change set made, carried out and watched.

Every step may have been done before, by a run that was killed or whose answer was lost: then what
it left is taken up. A change set has a name that is made of what it changes, and of the state of
the stack that it changes; its name is also the token of all events that come of it.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from chalice.aws.cloudformation import is_missing
from chalice.aws.errors import AwsError
from chalice.deploy.failures import StackFailed, not_possible, refused
from chalice.deploy.unfinished import GOES_ON, Unfinished, asked_for, begun
from chalice.deploy.waiting import Clock, Pauses
from chalice.diagnostics import ToolError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from chalice.aws.cloudformation import ChangeSet, CloudFormation, Event, NewChangeSet, Stack

    #: Is told what happens, in the order in which it does.
    Watcher = Callable[[Event], None]
    #: Begins an operation: of the stack, by the token.
    Beginning = Callable[[str, str], None]

_UNDER_WAY = frozenset({"CREATE_PENDING", "CREATE_IN_PROGRESS"})
# How it says that what it found wrong before it began is told elsewhere.
# Source: aws/aws-cdk-cli#1000, which quotes "To troubleshoot Early Validation errors, use the
# DescribeEvents API for detailed failure information".
_POINTS_ELSEWHERE = "DescribeEvents"
# What an operation ends with only where nothing undoes it; as a rule, undoing follows.
# Source: MiniStack (observed), which has the events of AWS's early validation: the stack's own
# `UPDATE_FAILED`, then `UPDATE_ROLLBACK_IN_PROGRESS`.
_UNDONE_NEXT = frozenset({"CREATE_FAILED", "UPDATE_FAILED"})
_WELL = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE"})
_GOING = frozenset({"DELETE_PENDING", "DELETE_IN_PROGRESS"})
# How CloudFormation says that there is nothing to change.
# Source: elias5000/clouds-aws#9 and aws/aws-toolkit-azure-devops#97, which quote them.
_NOTHING = ("didn't contain changes", "No updates are to be performed")
# A change set that somebody deletes each time is not worth more.
_MOST_TRIES = 5
# Events that one execution can have caused before its answer is missed.
_MOST_LOOKED_AT = 1_000
# Looks without an event before it is asked whether there will be one.
_LOOKS_WITHOUT_EVENTS = 3
# What is said of an operation whose token there is already: it has begun.
# Source: CloudFormation API reference, DeleteStack, RollbackStack and ContinueUpdateRollback,
# "Errors".
_BEGUN = "TokenAlreadyExistsException"


def change_set_name(content: str, stack: Stack | None) -> str:
    """Return the name of the change set that brings *stack* to *content*.

    Args:
        content: the hash of the template and the tags.
        stack: the stack as it is; None where there is none yet.
    """
    state = "new" if stack is None or stack.is_new else stack.revision
    return f"{mark_of(content)}{_digest(state)[:12]}"


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
            is_nothing = any(words in found.reason for words in _NOTHING)
            # It never hurts to ask for more than the reason. Source: aws/aws-cdk-cli#1461.
            wrong = () if is_nothing else _validations(stacks, change_set=found.id)
            with suppress(ToolError):  # why it failed matters more than what is left of it
                stacks.delete_change_set(wanted.stack, wanted.name)
            if is_nothing:
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


def _validations(
    stacks: CloudFormation, *, stack: str = "", change_set: str = ""
) -> tuple[Event, ...]:
    """Return what CloudFormation found wrong before it began, as far as that may be seen."""
    # Who may not see it is told the reason that there is. Source: aws/aws-cdk-cli#1298.
    with suppress(ToolError):
        return stacks.validations(stack=stack, change_set=change_set)
    return ()


def execute(stacks: CloudFormation, stack: str, change_set: str) -> None:
    """Begin to carry out a change set; one that is being carried out already is fine.

    Raises:
        Moved: the change set is not there any more: the stack is another one by now.
    """
    try:
        stacks.execute(stack, change_set)
    except AwsError as error:
        # Our own request may have arrived before, and its answer not.
        if _has_begun(stacks, stack, change_set):
            return
        if is_missing(error) or error.code == "InvalidChangeSetStatus":
            raise Moved(stack) from error
        raise


def begin(stacks: CloudFormation, stack_id: str, token: str, operation: Beginning) -> None:
    """Begin an operation that has a token of its own; one that has begun is fine.

    Raises:
        AwsError: it is refused.
    """
    try:
        operation(stack_id, token)
    except AwsError as error:
        if error.code != _BEGUN and not _has_begun(stacks, stack_id, token):
            raise


def _has_begun(stacks: CloudFormation, stack: str, token: str) -> bool:
    """Return whether there are events of an operation, as far as that may be seen."""
    with suppress(ToolError):
        latest = islice(stacks.events(stack), _MOST_LOOKED_AT)
        return any(event.token == token for event in latest)
    return False


def operation_token(stacks: CloudFormation, stack: Stack, name: str) -> str:
    """Return the token of the operation *name* on a stack to which nothing else happens before.

    So a request that is made again has the same one, and one that is made after the operation has
    failed has another one: CloudFormation takes each token once.
    """
    latest = _latest(stacks, stack.id)
    state = latest.id if latest is not None else f"{stack.revision} {stack.status}"
    return f"{_mark(name)}{_digest(f'{stack.id} {state}')[:20]}"


def is_of(token: str, name: str) -> bool:
    """Return whether a token is one of the operation *name*."""
    return token.startswith(_mark(name))


def _mark(name: str) -> str:
    return f"chalice-{name}-"


def _latest(stacks: CloudFormation, stack_id: str) -> Event | None:
    """Return the latest event of a stack, if there is one that may be seen."""
    with suppress(AwsError):
        return next(stacks.events(stack_id), None)
    return None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Moved(ToolError):
    """A change set was made for a stack that is another one by now."""

    def __init__(self, stack: str) -> None:
        super().__init__(
            f"The stack `{stack}` was changed since the plan was made, so the plan does not hold"
            " any more. Nothing was changed by this command. Look at what would change now:"
            " `chalice plan`; then deploy again"
        )


def follow(
    stacks: CloudFormation,
    stack_id: str,
    token: str,
    watch: Watcher,
    clock: Clock,
    places: Mapping[str, str] | None = None,
    well: Collection[str] = _WELL,
    left: str = GOES_ON,
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
        left: what is said where its end is not seen.

    Raises:
        StackFailed: the operation failed; with the first real cause.
        Unfinished: it does not end, or may not be looked at.
        ToolError: the stack is gone.
    """
    seen = _Seen(stacks, stack_id, token)
    with begun(left):
        ending = _ending(seen, watch, Pauses(clock), places or {})
        found = stacks.stack(stack_id)
    if found is None:
        raise ToolError(f"The stack `{stack_id}` was removed by somebody else")
    # As it was when the operation ended: the next one may have begun.
    stack = replace(found, status=ending.status, reason=ending.reason or found.reason)
    if stack.status not in well:
        raise StackFailed(stack, seen.explained(), places or {})
    return stack


def _ending(seen: _Seen, watch: Watcher, pauses: Pauses, places: Mapping[str, str]) -> Event:
    """Return the event that an operation ends with."""
    ending: Event | None = None
    while True:
        latest = seen.more()
        for event in latest:
            watch(event)
            if event.physical_id == seen.stack_id:
                ending = event if _ends(event) else None
        if ending is not None and (
            ending.status not in _UNDONE_NEXT or _rests(seen.stacks, ending)
        ):
            return ending
        if latest:
            pauses.again()
        seen.expect(places)
        if not pauses.wait():
            raise ToolError(f"The operation on the stack `{seen.stack_id}` has not ended yet")


class _Seen:
    """The events of one operation, as far as they were seen."""

    def __init__(self, stacks: CloudFormation, stack_id: str, token: str) -> None:
        self.stacks = stacks
        self.stack_id = stack_id
        self._token = token
        self._events: dict[str, Event] = {}
        self._looks = 0
        # The latest event of the stack before any of the operation, once that is known.
        self._before = ""

    def more(self) -> list[Event]:
        """Return the events that were not seen before, the earliest first."""
        self._looks += 1
        found: list[Event] = []
        latest = ""
        for event in islice(self.stacks.events(self.stack_id), self._most()):
            latest = latest or event.id
            other = event.token != self._token
            if event.id in self._events or event.id == self._before or (found and other):
                break
            if not other:
                found.append(event)
        if not self._events and not found:
            self._before = latest
        found.reverse()
        self._events.update((event.id, event) for event in found)
        return found

    def _most(self) -> int | None:
        """Return how many events are looked at: all but where there may be none of ours yet."""
        return None if self._events or self._before else _MOST_LOOKED_AT

    def expect(self, places: Mapping[str, str]) -> None:
        """Look, where nothing is seen, whether anything will be.

        Raises:
            StackFailed: the change set could not be begun.
        """
        if self._events or self._looks < _LOOKS_WITHOUT_EVENTS:
            return
        change_set = None
        with suppress(AwsError):
            change_set = self.stacks.change_set(self.stack_id, self._token)
        if change_set is None or change_set.execution != "EXECUTE_FAILED":
            return
        stack = self.stacks.stack(self.stack_id)
        if stack is None:
            raise Unfinished(f"The stack `{self.stack_id}` was removed by somebody else")
        reason = change_set.reason or stack.reason
        raise StackFailed(replace(stack, reason=reason), (), places)

    def explained(self) -> tuple[Event, ...]:
        """Return the events that say why the operation failed."""
        if any(_POINTS_ELSEWHERE in event.reason for event in self._events.values()):
            found = _validations(self.stacks, stack=self.stack_id)
            own = tuple(event for event in found if event.token in {"", self._token})
            if own:
                return own
        return tuple(self._events.values())


def _ends(event: Event) -> bool:
    return not event.status.endswith("_IN_PROGRESS")


def _rests(stacks: CloudFormation, ending: Event) -> bool:
    """Return whether nothing is done any more to a stack whose latest event is *ending*."""
    now = stacks.stack(ending.physical_id)
    return now is None or now.status == ending.status


def remove(stacks: CloudFormation, stack: Stack, watch: Watcher, clock: Clock) -> None:
    """Remove a stack with its resources, and return when it is gone.

    Raises:
        StackFailed: something cannot be removed.
        Unfinished: it does not end, or may not be looked at.
    """
    before = ""
    if stack.status != "DELETE_IN_PROGRESS":
        latest = _latest(stacks, stack.id)
        before = latest.id if latest is not None else ""
        with asked_for():
            begin(stacks, stack.id, operation_token(stacks, stack, "delete"), stacks.delete_stack)
    with begun():
        _follow_removal(stacks, stack, _Removals(stacks, stack, before), watch, Pauses(clock))


def _follow_removal(
    stacks: CloudFormation, stack: Stack, removals: _Removals, watch: Watcher, pauses: Pauses
) -> None:
    while True:
        now = stacks.stack(stack.id)
        if now is None or now.status == "DELETE_COMPLETE":
            return
        found = removals.more()
        for event in found:
            watch(event)
        if found:
            pauses.again()
        if removals.have_failed(now):
            raise StackFailed(replace(now, status="DELETE_FAILED"), removals.events, {})
        if not pauses.wait():
            raise ToolError(f"The stack `{stack.name}` is not removed yet")


class _Removals:
    """What happens to a stack that is removed; an earlier removal, that failed, is not of it.

    Args:
        stacks: CloudFormation.
        stack: as it was before.
        before: the id of its latest event then; empty where the removal had begun.
    """

    def __init__(self, stacks: CloudFormation, stack: Stack, before: str) -> None:
        self._stacks = stacks
        self._stack = stack
        self._before = before
        self._seen: dict[str, Event] = {}
        self._readable = True

    @property
    def events(self) -> tuple[Event, ...]:
        """All that was seen, the earliest first."""
        return tuple(self._seen.values())

    def more(self) -> list[Event]:
        """Return what was not seen before, the earliest first."""
        found: list[Event] = []
        try:
            for event in self._stacks.events(self._stack.id):
                if event.id in self._seen or event.id == self._before:
                    break
                found.append(event)
                if event.physical_id == self._stack.id and event.status == "DELETE_IN_PROGRESS":
                    break
        except AwsError:
            # A stack that is gone may have no events any more; some may not see them.
            self._readable = False
            return []
        found.reverse()
        self._seen.update((event.id, event) for event in found)
        return found

    def have_failed(self, now: Stack) -> bool:
        """Return whether this removal has failed; *now* may still tell of the one before."""
        if self._readable:
            own = (item for item in self._seen.values() if item.physical_id == self._stack.id)
            return any(event.status == "DELETE_FAILED" for event in own)
        return now.status == "DELETE_FAILED" != self._stack.status
