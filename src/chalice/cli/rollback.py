"""`chalice rollback`: the release before, deployed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chalice.cli.cloud import cloud_options, yes_option
from chalice.cli.options import json_option

if TYPE_CHECKING:
    from chalice.cli.cloud import Cloud
    from chalice.cli.shell import Shell


@click.command("rollback", short_help="Deploy the release before again.")
@cloud_options
@yes_option
@json_option
@click.pass_obj
def command(shell: Shell, cloud: Cloud, *, yes: bool, as_json: bool) -> int:
    """Deploy the release before this one again: its template and its package, as they were.

    A stack whose update was half undone is undone to the end instead.
    """
    from chalice.cli.cloud import Talk  # noqa: PLC0415 - `--help` does without these
    from chalice.cli.deploy import show  # noqa: PLC0415
    from chalice.cli.ending import unwinding  # noqa: PLC0415
    from chalice.deploy.deployment import Deployment  # noqa: PLC0415
    from chalice.deploy.rolling_back import roll_back  # noqa: PLC0415

    talk = Talk(shell.console, yes=yes)
    with talk.telling(), unwinding():
        target, account = cloud.connect(shell)
        done, release = roll_back(Deployment(account, target, talk))
    if release is not None:
        of = f", commit {release.commit}" if release.commit else ""
        talk.say(f"Went back to the release of {release.at}{of}")
    show(shell, account, done, as_json=as_json)
    return 0
