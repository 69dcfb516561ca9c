"""`chalice delete`: what was deployed, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chalice.cli.cloud import cloud_options, yes_option

if TYPE_CHECKING:
    from chalice.cli.cloud import Cloud
    from chalice.cli.shell import Shell


@click.command("delete", short_help="Remove what was deployed.")
@cloud_options
@click.option("--keep-logs", is_flag=True, default=False, help="Leave the logs of the functions.")
@yes_option
@click.pass_obj
def command(shell: Shell, cloud: Cloud, *, keep_logs: bool, yes: bool) -> int:
    """Remove the stack of the stage, and the packages that were uploaded for it.

    What goes is listed, and somebody has to agree. The bucket for packages stays: it belongs to all
    applications of the account and region.
    """
    from chalice.cli.cloud import Talk  # noqa: PLC0415 - `--help` does without these
    from chalice.cli.counting import counted  # noqa: PLC0415
    from chalice.cli.ending import unwinding  # noqa: PLC0415
    from chalice.deploy.deployment import Deployment  # noqa: PLC0415
    from chalice.deploy.removal import remove  # noqa: PLC0415

    talk = Talk(shell.console, yes=yes)
    with talk.telling(), unwinding():
        target, account = cloud.connect(shell)
        gone = remove(Deployment(account, target, talk), keep_logs=keep_logs)
    if not gone.stack and not gone.artifacts:
        talk.say(
            f"Nothing is deployed: there is no stack `{target.stack_name}`{cloud.earlier(shell)}"
        )
        return 0
    if gone.stack:
        talk.say(f"Removed the stack `{target.stack_name}`")
    talk.say(f"Removed {counted(gone.artifacts, 'file')} from the bucket for packages")
    for name in gone.kept:
        talk.say(f"Kept the log group `{name}`")
    return 0
