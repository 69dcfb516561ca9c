"""Whose operation it is that is under way on a stack."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from chalice.deploy.states import busy
from chalice.diagnostics import ToolError

if TYPE_CHECKING:
    from chalice.aws.cloudformation import Stack
    from chalice.deploy.deployment import Deployment


def latest_token(deployment: Deployment, stack: Stack) -> str:
    """Return what the latest operation on a stack is known by."""
    latest = next(deployment.account.stacks.events(stack.id), None)
    return latest.token if latest is not None else ""


def busy_with(deployment: Deployment, stack: Stack | None) -> ToolError:
    """Return what is said where somebody else is at it, with who it is as far as AWS tells."""
    assert stack is not None, "a stack that is missing is not busy"  # noqa: S101 - for types
    made = None
    with suppress(ToolError):
        token = latest_token(deployment, stack)
        made = deployment.account.stacks.change_set(stack.name, token) if token else None
    since = f" since {stack.updated:%H:%M:%S %Z}" if stack.updated is not None else ""
    by = f"{made.description}{since}" if made is not None and made.description else since[1:]
    return busy(stack, by)
