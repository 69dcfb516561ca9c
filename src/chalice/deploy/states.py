"""What the state of a stack means to who wants to change it, and what to do about it."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from chalice.diagnostics import ToolError

if TYPE_CHECKING:
    from chalice.aws.cloudformation import Stack


class Way(Enum):
    """How a stack can be brought to a template."""

    CREATE = "create"
    UPDATE = "update"
    REMOVE_FIRST = "remove what a failed creation left, then create"
    WAIT_FIRST = "wait until it is removed, then create"
    BUSY = "somebody else is at it"


class Busy(ToolError):
    """Something is being done to a stack already."""


class Stuck(ToolError):
    """A stack is in a state that it has to be helped out of first."""


# Source of the states: CloudFormation user guide, "Stack status codes".
_WAYS = {
    "REVIEW_IN_PROGRESS": Way.CREATE,
    "CREATE_COMPLETE": Way.UPDATE,
    "IMPORT_COMPLETE": Way.UPDATE,
    "IMPORT_ROLLBACK_COMPLETE": Way.UPDATE,
    "UPDATE_COMPLETE": Way.UPDATE,
    "UPDATE_ROLLBACK_COMPLETE": Way.UPDATE,
    "ROLLBACK_COMPLETE": Way.REMOVE_FIRST,
    "DELETE_COMPLETE": Way.CREATE,
    "DELETE_IN_PROGRESS": Way.WAIT_FIRST,
}

_STUCK = {
    "CREATE_FAILED": (
        "its creation failed and was not undone, so parts of it are there",
        "`chalice delete` removes them; then deploy again",
    ),
    "DELETE_FAILED": (
        "its removal failed half-way, so parts of it are still there",
        "`chalice delete` tries again and says what cannot be removed",
    ),
    "IMPORT_ROLLBACK_FAILED": (
        "an import failed, and so did undoing it",
        "undo it by hand in the CloudFormation console",
    ),
    "ROLLBACK_FAILED": (
        "its creation failed, and so did undoing it, so parts of it are there",
        "`chalice delete` removes them; then deploy again",
    ),
    "UPDATE_FAILED": (
        "an update failed and was not undone",
        "`chalice rollback` undoes it; then deploy again",
    ),
    "UPDATE_ROLLBACK_FAILED": (
        "an update failed, and so did undoing it: some functions may run new code, some old",
        "`chalice rollback` tries to undo it again; then deploy again",
    ),
}


def way_of(stack: Stack | None) -> Way:
    """Return how *stack* can be brought to a template.

    Raises:
        Stuck: it cannot, until somebody has helped it out of its state.
    """
    if stack is None:
        return Way.CREATE
    if stack.status in _WAYS:
        return _WAYS[stack.status]
    if stack.in_progress:
        return Way.BUSY
    happened, following = _STUCK.get(
        stack.status, ("this version does not know that state", "look at it in the AWS console")
    )
    said = f" (CloudFormation says: {stack.reason})" if stack.reason else ""
    raise Stuck(
        f"The stack `{stack.name}` is in the state {stack.status}: {happened}{said}. {following}"
    )


def busy(stack: Stack, by: str) -> Busy:
    """Return what is said of a stack that something is being done to.

    Args:
        stack: in a state that ends in `_IN_PROGRESS`.
        by: who does it and since when, as far as that is known.
    """
    whose = f" {by}" if by else " started by somebody else"
    # Source: CloudFormation API reference, CancelUpdateStack: "You can cancel only stacks that are
    # in the UPDATE_IN_PROGRESS state."
    stops = (
        f", and `aws cloudformation cancel-update-stack --stack-name {stack.name}` stops it"
        if stack.status == "UPDATE_IN_PROGRESS"
        else ""
    )
    return Busy(
        f"The stack `{stack.name}` is being worked on ({stack.status}): an operation{whose} has"
        " not ended. Nothing was changed by this command. Wait and run it again; `chalice status`"
        f" says how far it is{stops}"
    )
