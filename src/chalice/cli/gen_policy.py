"""`chalice gen-policy`: what the code needs of AWS, and why."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from chalice.cli.cloud import cloud_options
from chalice.cli.options import json_option, merge_option
from chalice.cli.plan import CHANGES
from chalice.diagnostics import ToolError, ordered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chalice.cli.cloud import Cloud
    from chalice.cli.granted import Granted
    from chalice.cli.shell import Shell
    from chalice.config import FunctionSettings
    from chalice.permissions import Policy


# Options that say something about a stack that is deployed, and what.
_WITH_DIFF = {
    "tells": ("--exit-code", "what would change"),
    "profile": ("--profile", "where a stage is deployed"),
    "region": ("--region", "where a stage is deployed"),
    "sandbox": ("--sandbox", "where a stage is deployed"),
}
_WITHOUT_DIFF = {"explain", "filename", "function"}


@click.command("gen-policy", short_help="Print the IAM policy that the code needs.")
@cloud_options
@click.option(
    "--filename",
    metavar="FILE",
    help="Read this file of the project and what it imports, in the place of all that ships.",
)
@click.option(
    "--function", "function", metavar="NAME", help="Only what is reached from this function."
)
@click.option(
    "--explain",
    is_flag=True,
    default=False,
    help="Print for each statement its actions, and the lines and expressions that need them.",
)
@click.option(
    "--diff",
    "against",
    metavar="STAGE",
    help="Print what the roles of this stage would gain and lose against what is deployed.",
)
@merge_option
@click.option(
    "--exit-code",
    "tells",
    is_flag=True,
    default=False,
    help="With --diff: exit with 3 where something would change.",
)
@json_option
@click.pass_obj
def command(
    shell: Shell,
    cloud: Cloud,
    filename: str | None,
    function: str | None,
    against: str | None,
    merged: tuple[str, ...],
    *,
    explain: bool,
    tells: bool,
    as_json: bool,
) -> int:
    """Print the IAM policy that the code needs, as CloudFormation takes it.

    The modules that ship are read, not imported; environment variables are those of the stage, and
    of the templates that are merged. With it is printed what Lambda itself does as the role, but
    for writing logs. What cannot be known is said on stderr, with its line. With --explain and
    --json, the policy and the reasons are one object.

    With --diff the application is loaded as for a deploy, and its roles are compared with those of
    the deployed stack; --profile, --region and --sandbox say where that is.
    """
    _check_options(click.get_current_context(), against)
    if against is not None:
        from chalice.cli.gen_policy_diff import print_difference  # noqa: PLC0415 - few ask

        changes = print_difference(shell, cloud, against, merged, as_json=as_json)
        return CHANGES if tells and changes else 0
    _print(shell, cloud.stage, filename, function, merged, explain=explain, as_json=as_json)
    return 0


def _check_options(ctx: click.Context, against: str | None) -> None:
    """Refuse options that would have no effect, or contradict each other.

    Raises:
        UsageError: which ones.
    """
    default = (None, ParameterSource.DEFAULT)
    given = {name for name in ctx.params if ctx.get_parameter_source(name) not in default}
    if against is None:
        for name, (option, what) in _WITH_DIFF.items():
            if name in given:
                raise click.UsageError(f"`{option}` is about {what}: it goes with `--diff`", ctx)
    elif given & _WITHOUT_DIFF:
        raise click.UsageError(
            "`--diff` compares the roles of a stage: it goes without `--filename`, `--function`"
            " and `--explain`",
            ctx,
        )
    elif "stage" in given and ctx.params["stage"] != against:
        raise click.UsageError(
            f"`--diff {against}` says which stage is meant: leave `--stage` out", ctx
        )


def _print(
    shell: Shell,
    stage: str,
    filename: str | None,
    function: str | None,
    merged: Sequence[str],
    *,
    explain: bool,
    as_json: bool,
) -> None:
    from chalice.cli.granted import of_lambda  # noqa: PLC0415 - `--help` does without these
    from chalice.cli.merged import templates, variables_in  # noqa: PLC0415
    from chalice.config.settings import settings_of  # noqa: PLC0415
    from chalice.iam import document_of  # noqa: PLC0415
    from chalice.packaged.checked import store_of  # noqa: PLC0415
    from chalice.packaged.code_policy import unanswered  # noqa: PLC0415
    from chalice.packaged.shipped import check_function, functions_of, shipped  # noqa: PLC0415
    from chalice.permissions import policy_of  # noqa: PLC0415
    from chalice.project import declared_stage  # noqa: PLC0415

    configuration = declared_stage(shell.project_dir, stage)
    # What an application is called has no part in what its code needs.
    settings = settings_of(
        configuration.of_stage,
        app_name="app",
        environ=shell.environ,
        role_policies=configuration.role_policies,
    )
    theirs = templates(merged)
    code = shipped(shell.project_dir, configuration, store_of(shell.environ), filename)
    functions = functions_of(code, settings, configuration, variables_in(theirs))
    if function is not None:
        check_function(function, functions.variables)
    names = [*functions.variables] if function is None else [function]
    readings, problems = code.of(names, functions)
    policy = policy_of(*readings, program=partial(code.program, functions))
    besides = of_lambda(names, functions.variables, settings, configuration, theirs)
    told = unanswered(policy.problems, [settings.function(name).policy for name in names])
    shell.console.problems(ordered([*told, *problems, *besides.problems]))
    start = filename or "app.py"
    unread = (one.where for one in policy.problems if one.code == "policy-unreadable")
    if any(where.rpartition(":")[0] == start for where in unread):
        raise ToolError(f"What the code needs is not known: `{start}` cannot be read")
    configured = [settings.function(name) for name in names] or [settings.any_function]
    for sentence in _of_roles(configured):
        shell.console.say(sentence)
    granted = [*_granted(policy), *besides.granted]
    if explain and not as_json:
        for line in _explained(granted):
            shell.console.data(line)
        return
    document = document_of(item.statement for item in granted)
    shell.console.json({"policy": document, "reasons": _reasons(granted)} if explain else document)


def _of_roles(configured: Sequence[FunctionSettings]) -> Iterator[str]:
    """Yield what is to be said where no role of *configured* gets what is printed."""
    besides = "beside writing the function's logs"
    if not any(item.manage_iam_role for item in configured):
        arns = ", ".join(f"`{arn}`" for arn in dict.fromkeys(i.iam_role_arn for i in configured))
        yield (
            f"No role is made where `manage_iam_role` is false: this is what {arns} has to allow,"
            f" {besides}"
        )
    elif not any(item.autogen_policy for item in configured):
        names = dict.fromkeys(item.policy_file_read for item in configured)
        files = ", ".join(f"`{Path('.chalice', name)}`" for name in names if name is not None)
        yield (
            f"Nothing is generated where `autogen_policy` is false: this is what {files} has to"
            f" allow, {besides}"
        )


def _granted(policy: Policy) -> Iterator[Granted]:
    from chalice.cli.granted import Granted  # noqa: PLC0415 - as above
    from chalice.permissions import reasons, shown  # noqa: PLC0415 - the same

    for one in policy.statements:
        yield Granted(one.to_dict(), [*map(shown, one.resources)], reasons(one))


def _explained(granted: Sequence[Granted]) -> Iterator[str]:
    for item in granted:
        yield from item.resources
        for action, why in item.reasons.items():
            yield f"  {action}"
            # One call may be about several resources.
            told = dict.fromkeys((one.where, one.expression, one.note) for one in why)
            for where, expression, note in told:
                yield f"    {where}  {expression}{f'  ({note})' if note else ''}"


def _reasons(granted: Sequence[Granted]) -> list[dict[str, Any]]:
    from dataclasses import asdict  # noqa: PLC0415 - as above

    return [
        {
            "statement": item.statement,
            "actions": {
                action: [asdict(reason) for reason in why] for action, why in item.reasons.items()
            },
        }
        for item in granted
    ]
