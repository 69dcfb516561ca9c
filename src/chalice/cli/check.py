"""`chalice check`: every problem of the application and its configuration, all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chalice.cli.options import json_option, stage_option
from chalice.diagnostics import InvalidApp, ordered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalice.cli.shell import Shell
    from chalice.diagnostics import Problem
    from chalice.project import Project


@click.command("check", short_help="Check the application and its configuration.")
@stage_option
@json_option
@click.pass_obj
def command(shell: Shell, stage: str, *, as_json: bool) -> None:
    """Check the application and its configuration, and that both can be deployed.

    Prints every problem with its place and what to write instead. Exits with 1 if there is an
    error; warnings alone pass.
    """

    def show(problems: Sequence[Problem]) -> None:
        if as_json:
            shell.console.json([problem.to_dict() for problem in problems])
        elif problems:
            shell.console.problems(problems, as_data=True)
        else:
            shell.console.data("No problems")

    problems = _problems(shell, stage)
    show(problems)
    if any(problem.severity == "error" for problem in problems):
        click.get_current_context().exit(1)


def _problems(shell: Shell, stage: str) -> tuple[Problem, ...]:
    from chalice.cli.apart import apart  # noqa: PLC0415 - `--help` does without these
    from chalice.diagnostics import Problem  # noqa: PLC0415
    from chalice.packaged import checked  # noqa: PLC0415

    store = checked.store_of(shell.environ)  # before the import, which may change the environment

    def project() -> Project:
        from chalice.project import load_project  # noqa: PLC0415 - for who imports

        return load_project(shell.project_dir, stage, shell.environ)

    def found(project: Project) -> list[dict[str, str]]:
        problems = [*project.warnings]
        if project.model.functions:
            known = checked.deployable(project, checked.code_policies(project, store))
            problems += (*known.warnings, *known.undeployable)
        return [problem.to_dict() for problem in ordered(problems)]

    try:
        problems = apart(shell.console, shell.project_dir, project, found)
    except InvalidApp as error:
        return error.problems
    return tuple(Problem(**item) for item in problems)
