"""`chalice plan`: what a deploy would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chalice.cli.cloud import cloud_options
from chalice.cli.garbage import seldom_collected
from chalice.cli.given import given_options
from chalice.cli.options import json_option, merge_option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice.cli.cloud import Cloud
    from chalice.cli.shell import Shell

#: The exit code of `--exit-code` where something would change.
CHANGES = 3


@click.command("plan", short_help="Print what a deploy would change.")
@cloud_options
@given_options
@merge_option
@click.option(
    "--out", metavar="FILE", help="Keep the plan in FILE; `chalice deploy --plan FILE` does it."
)
@click.option(
    "--exit-code",
    "tells",
    is_flag=True,
    default=False,
    help="Exit with 3 where something would change.",
)
@json_option
@click.pass_obj
@seldom_collected()
def command(
    shell: Shell,
    cloud: Cloud,
    merged: tuple[str, ...],
    given: Mapping[str, object],
    out: str | None,
    *,
    tells: bool,
    as_json: bool,
) -> int:
    """Print what a deploy would add, change, replace and delete.

    The package is built and uploaded, and CloudFormation says what it would do with the template;
    nothing is deployed, and nothing of the plan stays in the cloud unless it is kept in a file.
    """
    from chalice.cli.building import build  # noqa: PLC0415 - `--help` does without these
    from chalice.cli.cloud import Talk  # noqa: PLC0415
    from chalice.cli.ending import unwinding  # noqa: PLC0415
    from chalice.deploy import earlier, planned, preparing  # noqa: PLC0415
    from chalice.deploy.deployment import Deployment  # noqa: PLC0415

    talk = Talk(shell.console, yes=False)
    with talk.telling(), unwinding():
        target, account = cloud.connect(shell)
        deployment = Deployment(account, target, talk)
        look = deployment.look()
        if not look.is_deployed and not cloud.sandbox:
            note = earlier.foretold(shell.project_dir, cloud.stage)
            if note:
                shell.console.warning(note)
        wanted = build(shell, cloud.stage, merged, given)
        if out is None:
            plan = preparing.plan(deployment, look, wanted)
        else:
            plan = planned.keep(deployment, look, wanted, shell.project_dir / out)
    shell.console.problems(plan.warnings)
    if as_json:
        shell.console.json(plan.to_dict())
    else:
        shell.console.plan(plan, as_data=True)
    if out is not None:
        shell.console.say(f"Carry it out: `chalice deploy --plan {out}`")
    return CHANGES if tells and plan.changes else 0
