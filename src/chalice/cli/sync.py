"""`chalice sync`: code straight to the functions of a development stage."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

import click

from chalice.cli.cloud import cloud_options
from chalice.cli.options import merge_option

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice.cli.cloud import Cloud, Talk
    from chalice.cli.shell import Shell
    from chalice.deploy.deployment import Deployment
    from chalice.deploy.templates import Wanted


@click.command("sync", short_help="Give the deployed functions the code as it is now.")
@cloud_options
@merge_option
@click.option(
    "--watch", is_flag=True, default=False, help="Go on, and sync after each edit; Ctrl-C ends it."
)
@click.pass_obj
def command(shell: Shell, cloud: Cloud, merged: tuple[str, ...], *, watch: bool) -> int:
    """Give the functions of a deployed stage the code as it is now, without a deploy.

    It takes seconds, and CloudFormation does not see it: for development stages. Where more than
    code has changed it refuses, so merged templates are named as for the deploy. `chalice status`
    says that a sync happened; the next deploy gives all functions the code of that deploy.
    """
    from chalice.cli.building import build  # noqa: PLC0415 - `--help` does without these
    from chalice.cli.cloud import Talk  # noqa: PLC0415
    from chalice.cli.ending import unwinding  # noqa: PLC0415
    from chalice.deploy.deployment import Deployment  # noqa: PLC0415

    talk = Talk(shell.console, yes=False)
    with unwinding():
        since_ns = time.time_ns()
        target, account = cloud.connect(shell)
        deployment = Deployment(account, target, talk)

        def once() -> None:
            _once(deployment, partial(build, shell, cloud.stage, merged), talk)

        once()
        if watch:
            _for_ever(shell, once, talk, since_ns)
    return 0


def _once(deployment: Deployment, build: Callable[[], Wanted], talk: Talk) -> None:
    from chalice.deploy.syncing import sync  # noqa: PLC0415 - as above

    look = deployment.look()
    wanted = build()
    try:
        given = sync(deployment, look, wanted)
    except (KeyboardInterrupt, SystemExit):
        talk.say(
            "Some functions may have the code of now, others that of before; `chalice sync` gives"
            " it to all, `chalice deploy` too"
        )
        raise
    if given:
        talk.say(f"Synced {', '.join(f'`{name}`' for name in given)}")
    else:
        talk.say("Nothing changed: the functions have this code already")


def _for_ever(shell: Shell, once: Callable[[], None], talk: Talk, since_ns: int) -> None:
    """Sync after each edit since *since_ns*, until it is interrupted while nothing is done."""
    import asyncio  # noqa: PLC0415 - as above

    from chalice.diagnostics import ToolError  # noqa: PLC0415
    from chalice.model.load import uninstall  # noqa: PLC0415
    from chalice.server.watching import edits, ships  # noqa: PLC0415

    talk.say("Watching for edits; Ctrl-C ends it")
    found = edits(shell.project_dir, since_ns, shell.console.warning, ships)

    async def edited() -> tuple[str, ...]:
        return await anext(found, ())

    # The loop stands still while code is given: Ctrl-C is answered at once, edits wait.
    with asyncio.Runner() as loop:
        while _has_edits(lambda: loop.run(edited()), talk):
            uninstall()
            try:
                once()
            except ToolError as error:
                shell.console.failure(error)


def _has_edits(edited: Callable[[], tuple[str, ...]], talk: Talk) -> bool:
    """Wait for edits and return whether there are any: none where it is interrupted."""
    try:
        files = edited()
    except KeyboardInterrupt:
        talk.say("Stopped watching; the functions keep the code that they were given")
        return False
    if files:
        talk.say(f"Edited {', '.join(f'`{name}`' for name in files)}")
    return bool(files)
