"""`chalice gen-policy`: what the code needs of AWS, and which line needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from chalice.cli.options import json_option, stage_option
from chalice.diagnostics import InvalidApp, ToolError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chalice.cli.shell import Shell
    from chalice.permissions import Policy, Reading
    from chalice.project import Configuration


@click.command("gen-policy", short_help="Print the IAM policy that the code needs.")
@stage_option
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
@json_option
@click.pass_obj
def command(
    shell: Shell,
    stage: str,
    *,
    filename: str | None,
    function: str | None,
    explain: bool,
    as_json: bool,
) -> None:
    """Print the IAM policy that the code needs, as CloudFormation takes it.

    The modules that ship are read, not imported; environment variables are those of the stage.
    What cannot be known is said on stderr, with its line. With --explain and --json, the policy and
    the reasons are one object.
    """
    from chalice.permissions import policy_of, read  # noqa: PLC0415 - `--help` does without it
    from chalice.project import read_configuration  # noqa: PLC0415 - the same

    configuration = read_configuration(shell.project_dir, stage)
    wrong = [problem for problem in configuration.problems if problem.severity == "error"]
    if wrong:
        raise InvalidApp(wrong)
    files = _files(shell.project_dir, configuration, filename)
    reading = read(files, configuration.of_stage.environment_variables)
    policy = policy_of(reading if function is None else _of_function(reading, function))
    shell.console.problems(policy.problems)
    if explain and not as_json:
        for line in _explained(policy):
            shell.console.data(line)
    elif explain:
        shell.console.json({"policy": policy.to_dict(), "reasons": _reasons(policy)})
    else:
        shell.console.json(policy.to_dict())


def _files(directory: Path, configuration: Configuration, filename: str | None) -> dict[str, bytes]:
    """Return the content of the modules that ship, by their path as they ship."""
    from chalice.bundle.parts import PROJECT  # noqa: PLC0415 - `--help` does without it
    from chalice.bundle.files.project_files import collect_project  # noqa: PLC0415 - the same
    from chalice.config.package_settings import package_of  # noqa: PLC0415 - the same

    wanted = package_of(configuration.of_stage)
    found = collect_project(
        directory,
        include=wanted.include,
        exclude=wanted.exclude,
        named_secrets=wanted.secrets,
    )
    files = {
        item.path: item.file
        for item in found.files
        if item.origin == PROJECT and item.path.endswith(".py")
    }
    if filename is None:
        missing = [problem for problem in found.problems if problem.code == "app-missing"]
        if missing:
            raise InvalidApp(missing)
    else:
        # The others stay, as what this one may import.
        files = {**files, filename: directory / filename}
        files.pop("app.py" if filename != "app.py" else "", None)
    try:
        return {path: file.read_bytes() for path, file in files.items()}
    except OSError as error:
        raise ToolError(f"Cannot read `{error.filename}`: {error.strerror}") from error


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
