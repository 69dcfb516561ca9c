"""`chalice url`: where the deployed API answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chalice.cli.cloud import cloud_options
from chalice.diagnostics import ToolError

if TYPE_CHECKING:
    from chalice.cli.cloud import Cloud
    from chalice.cli.shell import Shell


@click.command("url", short_help="Print the URL of the deployed API.")
@cloud_options
@click.pass_obj
def command(shell: Shell, cloud: Cloud) -> int:
    """Print the URL of the deployed API."""
    from chalice.deploy.addresses import url_of  # noqa: PLC0415 - `--help` does without it

    account, stack = cloud.deployed(shell)
    url = url_of(stack.outputs, account.endpoint_url)
    if url is None:
        why = (
            "the application has no routes"
            if stack.status.endswith("_COMPLETE") and stack.status != "ROLLBACK_COMPLETE"
            else f"it is in the state {stack.status}; `chalice status` says more"
        )
        raise ToolError(f"The stack `{stack.name}` has no API: {why}")
    shell.console.data(url)
    return 0
