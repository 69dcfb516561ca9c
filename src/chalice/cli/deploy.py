"""`chalice deploy`: the application, deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chalice.cli.cloud import cloud_options, yes_option
from chalice.cli.garbage import seldom_collected
from chalice.cli.given import given_options
from chalice.cli.options import json_option, merge_option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice.aws.account import Account
    from chalice.cli.cloud import Cloud
    from chalice.cli.shell import Shell
    from chalice.deploy.deployment import Deployed
    from chalice.deploy.templates import Wanted


@click.command("deploy", short_help="Deploy the application.")
@cloud_options
@given_options
@merge_option
@click.option(
    "--plan",
    "plan_file",
    metavar="FILE",
    help="Carry out the plan that `chalice plan --out FILE` made, or refuse if it does not hold.",
)
@click.option(
    "--beside",
    is_flag=True,
    default=False,
    help="Deploy although AWS Chalice has deployed this stage: a second API beside the first.",
)
@yes_option
@json_option
@click.pass_obj
@seldom_collected()
def command(
    shell: Shell,
    cloud: Cloud,
    merged: tuple[str, ...],
    given: Mapping[str, object],
    plan_file: str | None,
    *,
    beside: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Deploy the application to API Gateway and Lambda, by a CloudFormation stack of its own.

    It asks only where something would be replaced or deleted that users may depend on. What fails
    is undone by CloudFormation. An interrupted deploy is taken up by running it again.
    """
    from chalice.cli.building import build  # noqa: PLC0415 - `--help` does without these
    from chalice.cli.cloud import Talk  # noqa: PLC0415
    from chalice.cli.ending import unwinding  # noqa: PLC0415
    from chalice.deploy import carrying_out, earlier, planned  # noqa: PLC0415
    from chalice.deploy.deployment import Deployment  # noqa: PLC0415

    if plan_file is not None and (merged or given):
        raise click.UsageError("A plan has its template already", click.get_current_context())
    talk = Talk(shell.console, yes=yes)
    with talk.telling(), unwinding():
        target, account = cloud.connect(shell)
        deployment = Deployment(account, target, talk)
        look = deployment.look()
        if not (look.is_deployed or beside or cloud.sandbox):
            earlier.refuse(shell.project_dir, cloud.stage)
        if plan_file is not None:
            done = planned.carry_out(deployment, look, shell.project_dir / plan_file)
        else:
            wanted = build(shell, cloud.stage, merged, given)
            if cloud.sandbox:
                _tell_differences(shell, wanted)
            done = carrying_out.deploy(deployment, look, wanted)
    show(shell, account, done, as_json=as_json)
    return 0


def _tell_differences(shell: Shell, wanted: Wanted) -> None:
    from chalice.bundle.target import this_architecture  # noqa: PLC0415 - only of a sandbox
    from chalice.deploy import in_sandbox  # noqa: PLC0415

    shell.console.problems(tuple(in_sandbox.warnings(wanted.graph, this_architecture())))


def show(shell: Shell, account: Account, done: Deployed, *, as_json: bool) -> None:
    """Print what is deployed, the URL first."""
    from chalice.deploy.addresses import url_of  # noqa: PLC0415 - `--help` does without it

    console, outputs = shell.console, dict(done.stack.outputs)
    url = url_of(outputs, account.endpoint_url)
    if as_json:
        facts = {"url": url, "stack": done.stack.name, "outputs": outputs}
        console.json({**done.plan.to_dict(), **facts})
        return
    verb = "Deployed" if done.plan.changes else "Nothing changed in"
    console.say(f"{verb} the stack `{done.stack.name}`")
    if url:
        console.data(url)
    rest = [(name, value) for name, value in sorted(outputs.items()) if name != "EndpointURL"]
    if rest:
        console.table(("OUTPUT", "VALUE"), rest, whole=True)
