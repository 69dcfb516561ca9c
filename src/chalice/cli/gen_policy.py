"""`chalice gen-policy`: what the code needs of AWS, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from chalice.cli.cloud import cloud_options
from chalice.cli.options import json_option
from chalice.cli.plan import CHANGES, merge_option
from chalice.diagnostics import InvalidApp, ToolError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from chalice.cli.cloud import Cloud
    from chalice.cli.shell import Shell
    from chalice.config import Config
    from chalice.permissions import Policy, Reading
    from chalice.project import Configuration


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

    The modules that ship are read, not imported; environment variables are those of the stage.
    What cannot be known is said on stderr, with its line. With --explain and --json, the policy and
    the reasons are one object.

    With --diff the application is loaded as for a deploy, and its roles are compared with those of
    the deployed stack; --profile, --region and --sandbox say where that is, --merge-template what
    is merged into the template.
    """
    if against is not None:
        if filename is not None or function is not None or explain:
            raise click.UsageError(
                "`--diff` compares the roles of a stage: it goes without `--filename`,"
                " `--function` and `--explain`",
                click.get_current_context(),
            )
        from chalice.cli.gen_policy_diff import print_difference  # noqa: PLC0415 - few ask

        changes = print_difference(shell, cloud, against, merged, as_json=as_json)
        return CHANGES if tells and changes else 0
    if merged:
        raise click.UsageError(
            "`--merge-template` is about what a stage deploys: it goes with `--diff`",
            click.get_current_context(),
        )
    _print(shell, cloud.stage, filename, function, explain=explain, as_json=as_json)
    return 0


def _print(
    shell: Shell,
    stage: str,
    filename: str | None,
    function: str | None,
    *,
    explain: bool,
    as_json: bool,
) -> None:
    from chalice.packaged.checked import store_of  # noqa: PLC0415 - `--help` does without these
    from chalice.packaged.needed import services_of  # noqa: PLC0415
    from chalice.permissions import policy_of, read  # noqa: PLC0415
    from chalice.project import read_configuration, stage_problems  # noqa: PLC0415

    configuration = read_configuration(shell.project_dir, stage)
    found = [*configuration.problems, *stage_problems(configuration, stage)]
    wrong = [problem for problem in found if problem.severity == "error"]
    if wrong:
        raise InvalidApp(wrong)
    files = _files(shell.project_dir, configuration, filename)
    scopes = _scopes(configuration.of_stage, function)
    services = services_of(store_of(shell.environ))
    readings = [read(files, variables, services) for variables in _variables(scopes)]
    if function is not None:
        readings = [_of_function(reading, function) for reading in readings]
    policy = policy_of(*readings)
    shell.console.problems(policy.problems)
    if all(scope.manage_iam_role is False for scope in scopes):
        arns = ", ".join(
            f"`{arn}`" for arn in dict.fromkeys(scope.iam_role_arn for scope in scopes)
        )
        shell.console.say(
            f"No role is made where `manage_iam_role` is false: this is what {arns} has to allow,"
            " beside writing the function's logs"
        )
    if explain and not as_json:
        for line in _explained(policy):
            shell.console.data(line)
    elif explain:
        shell.console.json({"policy": policy.to_dict(), "reasons": _reasons(policy)})
    else:
        shell.console.json(policy.to_dict())


def _scopes(config: Config, function: str | None) -> list[Config]:
    """Return the configuration as each function sees it that is configured on its own."""
    from chalice.config.settings import configured_functions  # noqa: PLC0415 - as above

    names = (
        (config.function_name, *configured_functions(config)) if function is None else (function,)
    )
    return [config.scope(config.chalice_stage, name) for name in dict.fromkeys(names)]


def _variables(scopes: list[Config]) -> list[Mapping[str, str]]:
    found: list[Mapping[str, str]] = []
    for scope in scopes:
        if scope.environment_variables not in found:
            found.append(scope.environment_variables)
    return found


def _files(directory: Path, configuration: Configuration, filename: str | None) -> dict[str, bytes]:
    """Return the content of the modules that ship, by their path as they ship."""
    from chalice.bundle.files.project_files import collect_project  # noqa: PLC0415 - as above
    from chalice.config.package_settings import package_of  # noqa: PLC0415 - the same
    from chalice.packaged.needed import content, modules  # noqa: PLC0415 - the same

    wanted = package_of(configuration.of_stage)
    found = collect_project(
        directory,
        include=wanted.include,
        exclude=wanted.exclude,
        named_secrets=wanted.secrets,
    )
    files = {path: item.file for path, item in modules(found).items()}
    if filename is None:
        missing = [problem for problem in found.problems if problem.code == "app-missing"]
        if missing:
            raise InvalidApp(missing)
    else:
        # The others stay, as what this one may import.
        files = {**files, filename: directory / filename}
        files.pop("app.py" if filename != "app.py" else "", None)
    return content(files)


def _of_function(reading: Reading, name: str) -> Reading:
    from chalice.permissions import functions, of_function  # noqa: PLC0415 - as above

    known = functions(reading)
    if name not in known:
        near = nearest(name, known)
        hint = f"; the nearest is `{near}`" if near else ""
        raise ToolError(f"The application has no function `{name}`{hint}")
    return of_function(reading, name)


def _explained(policy: Policy) -> Iterator[str]:
    from chalice.permissions import places, shown  # noqa: PLC0415 - as above

    for statement in policy.statements:
        for resource in statement.resources:
            yield shown(resource)
        for action, why in places(statement).items():
            yield f"  {action}"
            for entry in why:
                note = f"  ({entry['note']})" if entry["note"] else ""
                yield f"    {entry['where']}  {entry['expression']}{note}"


def _reasons(policy: Policy) -> list[dict[str, Any]]:
    from chalice.permissions import places  # noqa: PLC0415 - as above

    return [
        {"statement": statement.to_dict(), "actions": places(statement)}
        for statement in policy.statements
    ]
