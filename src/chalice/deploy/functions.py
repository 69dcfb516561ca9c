"""The functions of a stack that is deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.diagnostics import ToolError, nearest
from chalice.model.names import logical_id
from chalice.resources.kinds import FUNCTION

if TYPE_CHECKING:
    from chalice.aws.account import Account
    from chalice.aws.cloudformation import Stack


def functions_of(account: Account, stack: Stack) -> dict[str, str]:
    """Return the names of a stack's functions, by logical id."""
    members = account.stacks.resources(stack.id)
    return {item.logical_id: item.physical_id for item in members if item.type == FUNCTION}


def chosen(account: Account, stack: Stack, name: str | None) -> dict[str, str]:
    """Return the names of a stack's functions, by logical id; of the function *name* only.

    Args:
        account: AWS.
        stack: the stack.
        name: as the application calls it; None for all.

    Raises:
        ToolError: there is no such function.
    """
    functions = functions_of(account, stack)
    if name is None:
        return functions
    wanted = logical_id(name)
    if wanted in functions:
        return {wanted: functions[wanted]}
    near = nearest(wanted, functions)
    listed = ", ".join(f"`{item}`" for item in sorted(functions))
    hint = f"; the nearest is `{near}`" if near else f"; it has {listed or 'none'}"
    raise ToolError(f"The stack `{stack.name}` has no function `{name}` ({wanted}){hint}")
