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
    from chalice.cli.loading import load_project  # noqa: PLC0415 - `--help` does without it
    from chalice.resources import Code, graph  # noqa: PLC0415 - the same

    try:
        project = load_project(shell, stage, report)
    except InvalidApp as error:
        return error.problems
    try:
        if project.model.functions:
            code = Code.local(layer=project.settings.automatic_layer)
            graph(project.model, project.settings, code, written=project.written)
    except InvalidApp as error:
        return ordered((*project.warnings, *error.problems))
    return tuple(project.warnings)
