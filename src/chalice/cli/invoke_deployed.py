"""`chalice invoke` of a function that is deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.cli.serving import printable_lines
from chalice.deploy.functions import chosen

if TYPE_CHECKING:
    from chalice.cli.cloud import Cloud
    from chalice.cli.shell import Shell

FAILED = 1


def invoke(shell: Shell, cloud: Cloud, name: str, event: bytes) -> int:
    """Run the deployed function *name* and show its result, its log and whether it failed.

    Raises:
        ToolError: it is not deployed, or Lambda does not run it.
    """
    account, stack = cloud.deployed(shell)
    (function,) = chosen(account, stack, name).values()
    answer = account.functions.invoke(function, event)
    if answer.log.strip():
        shell.console.say(printable_lines(answer.log.rstrip("\n")))
    shell.console.payload(answer.payload)
    if answer.failed:
        shell.console.error(f"`{name}` failed; what it returned is the error")
        return FAILED
    return 0
