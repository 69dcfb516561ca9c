"""`chalice url`: where the deployed API answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chalice.cli.cloud import cloud_options
from chalice.diagnostics import ToolError

if TYPE_CHECKING:
    from chalice.aws.account import Account
    from chalice.aws.cloudformation import Stack
    from chalice.cli.cloud import Cloud
    from chalice.cli.shell import Shell
    from chalice.deploy.target import Target


@click.command("url", short_help="Print the URL of the deployed API.")
@cloud_options
@click.pass_obj
def command(shell: Shell, cloud: Cloud) -> int:
    """Print the URL of the deployed API."""
    from chalice.deploy.addresses import url_of  # noqa: PLC0415 - `--help` does without it

    target, account = cloud.connect(shell)
    stack = deployed(target, account)
    url = url_of(stack.outputs, account.endpoint_url)
    if url is None:
        raise ToolError(f"The stack `{stack.name}` has no API: the application has no routes")
    shell.console.data(url)
    return 0


def deployed(target: Target, account: Account) -> Stack:
    """Return the stack of a target.

    Raises:
        ToolError: nothing is deployed.
    """
    stack = account.stacks.stack(target.stack_name)
    if stack is None or stack.is_new:
        raise ToolError(
            f"Nothing is deployed for the stage `{target.stage}`: there is no stack"
            f" `{target.stack_name}` in {account.region}. `chalice deploy` makes it"
        )
    return stack
