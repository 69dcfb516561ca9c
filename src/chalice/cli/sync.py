"""`chalice sync`: code straight to the functions of a development stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chalice.cli.cloud import cloud_options

if TYPE_CHECKING:
    from chalice.cli.cloud import Cloud, Talk
    from chalice.cli.shell import Shell
    from chalice.deploy.deployment import Deployment


# What else than Python code a package is made from, as a rule.
_EXTENSIONS = (".json", ".toml", ".txt", ".lock")


@click.command("sync", short_help="Give the deployed functions the code as it is now.")
@cloud_options
@click.option(
    "--watch", is_flag=True, default=False, help="Go on, and sync after each edit; Ctrl-C ends it."
)
@click.pass_obj
def command(shell: Shell, cloud: Cloud, *, watch: bool) -> int:
    """Give the functions of a deployed stage the code as it is now, without a deploy.

    It takes seconds, and CloudFormation does not see it: for development stages. Where more than
    code has changed it refuses. `chalice status` says that a sync happened; the next deploy gives
    all functions the code of that deploy.
    """
    from chalice.cli.cloud import Talk  # noqa: PLC0415 - `--help` does without these
    from chalice.cli.ending import unwinding  # noqa: PLC0415
    from chalice.deploy.deployment import Deployment  # noqa: PLC0415

    talk = Talk(shell.console, yes=False)
    with unwinding():
        target, account = cloud.connect(shell)
        deployment = Deployment(account, target, talk)
        _once(shell, cloud, deployment, talk)
        if watch:
            _for_ever(shell, cloud, deployment, talk)
    return 0


def _once(shell: Shell, cloud: Cloud, deployment: Deployment, talk: Talk) -> None:
    from chalice.cli.building import build  # noqa: PLC0415 - as above
    from chalice.deploy.syncing import sync_now  # noqa: PLC0415

    look = deployment.look()
    given = sync_now(deployment, look, build(shell, cloud.stage, ()))
    talk.say(f"Synced {', '.join(f'`{name}`' for name in given)}")


def _for_ever(shell: Shell, cloud: Cloud, deployment: Deployment, talk: Talk) -> None:
    from watchfiles import PythonFilter, watch  # noqa: PLC0415 - as above

    edits = PythonFilter(extra_extensions=_EXTENSIONS)
    from chalice.diagnostics import ToolError  # noqa: PLC0415
    from chalice.model.load import uninstall  # noqa: PLC0415

    talk.say("Watching for edits; Ctrl-C ends it")
    for _ in watch(shell.project_dir, watch_filter=edits, raise_interrupt=True):
        uninstall()
        try:
            _once(shell, cloud, deployment, talk)
        except ToolError as error:
            shell.console.error(str(error))
