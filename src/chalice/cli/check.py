"""`chalice check`: every problem of the application and its configuration, all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chalice.cli.options import json_option, stage_option
from chalice.diagnostics import InvalidApp, ordered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chalice.cli.shell import Shell
    from chalice.diagnostics import Problem


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

    problems = _problems(shell, stage, lambda problem: show([problem]))
    show(problems)
    if any(problem.severity == "error" for problem in problems):
        click.get_current_context().exit(1)


def _problems(shell: Shell, stage: str, report: Callable[[Problem], None]) -> tuple[Problem, ...]:
    from chalice.bundle.build import collect  # noqa: PLC0415 - `--help` does without these
    from chalice.bundle.recipe import Recipe  # noqa: PLC0415
    from chalice.cli.loading import load_project  # noqa: PLC0415
    from chalice.packaged.checked import deployable  # noqa: PLC0415
    from chalice.packaged.needed import Needs  # noqa: PLC0415
    from chalice.packaged.package import store_of  # noqa: PLC0415

    try:
        project = load_project(shell, stage, report)
    except InvalidApp as error:
        return error.problems
    if not project.model.functions:
        return tuple(project.warnings)
    files = collect(shell.project_dir, Recipe.of(project.settings), shell.project_dir)
    found = deployable(project, Needs.of(project, files, store_of(shell.environ)))
    return tuple(ordered([*project.warnings, *found.warnings, *found.undeployable]))
