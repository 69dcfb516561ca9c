"""`chalice check`: every problem of the application and its configuration, all at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from chalice.cli.options import json_option, merge_option, stage_option
from chalice.diagnostics import InvalidApp, ordered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chalice.cli.shell import Shell
    from chalice.diagnostics import Problem
    from chalice.project import Project
    from chalice.resources import Graph
    from chalice.template.files import Written
    from chalice.template.merging import Theirs


@click.command("check", short_help="Check the application and its configuration.")
@stage_option
@merge_option
@json_option
@click.pass_obj
def command(shell: Shell, stage: str, merged: tuple[str, ...], *, as_json: bool) -> None:
    """Check the application and its configuration, and that both can be deployed.

    Prints every problem with its place and what to write instead; those of templates, too, that are
    merged as for a deploy. Exits with 1 if there is an error; warnings alone pass.
    """

    def show(problems: Sequence[Problem]) -> None:
        if as_json:
            shell.console.json([problem.to_dict() for problem in problems])
        elif problems:
            shell.console.problems(problems, as_data=True)
        else:
            shell.console.data("No problems")

    problems = _problems(shell, stage, merged)
    show(problems)
    if any(problem.severity == "error" for problem in problems):
        click.get_current_context().exit(1)


def _problems(shell: Shell, stage: str, merged: Sequence[str]) -> tuple[Problem, ...]:
    from chalice.cli.apart import apart  # noqa: PLC0415 - `--help` does without these
    from chalice.cli.merged import templates, variables_in  # noqa: PLC0415
    from chalice.diagnostics import Problem  # noqa: PLC0415
    from chalice.packaged import checked  # noqa: PLC0415

    store = checked.store_of(shell.environ)  # before the import, which may change the environment

    def project() -> Project:
        from chalice.project import load_project  # noqa: PLC0415 - for who imports

        return load_project(shell.project_dir, stage, shell.environ)

    def found(project: Project) -> list[dict[str, str]]:
        problems = [*project.warnings]
        if project.model.functions:
            policies = checked.code_policies(project, store, variables_in(theirs))
            known = checked.deployable(project, policies)
            problems += (*known.warnings, *known.undeployable)
            if known.graph is not None:
                problems += _of_template(known.graph, theirs)
        return [problem.to_dict() for problem in ordered(problems)]

    try:
        theirs = templates(merged)
        problems = apart(shell.console, shell.project_dir, project, found)
    except InvalidApp as error:
        return error.problems
    return tuple(Problem(**item) for item in problems)


def _of_template(graph: Graph, merged: Sequence[Theirs]) -> tuple[Problem, ...]:
    """Return what is wrong with the template of *graph* with what is merged into it."""
    from chalice.template import files  # noqa: PLC0415 - as above

    try:
        made = files.written(graph, files.Output("json", merged))
    except InvalidApp as error:
        return error.problems
    return (*made.warnings, *_of_roles(made, merged))


def _of_roles(made: Written, merged: Sequence[Theirs]) -> Iterator[Problem]:
    """Yield what roles do not allow, and Lambda refuses functions for, unless it has them already.

    A deploy knows whether it has, and stops.
    """
    from chalice.deploy.preflight import coming, permissions  # noqa: PLC0415 - as above

    known = {item.logical_id: item for item in made.graph.resources}
    written = coming.Written(known, tuple(merged), {})
    resources = tuple(coming.resources_of(made.document, {}, written))
    for problem in permissions.not_allowed(made.document, resources):
        yield replace(problem, severity="warning")
