"""`chalice openapi`: the API definition as it is deployed and as the local gateway serves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from chalice.cli.options import stage_option

if TYPE_CHECKING:
    from chalice.cli.shell import Shell


@click.command("openapi", short_help="Print the API definition that is deployed.")
@stage_option
@click.pass_obj
def command(shell: Shell, stage: str) -> None:
    """Print the API definition of a stage as JSON.

    It is OpenAPI 3.0.1 with the extensions of API Gateway. Account, region and function ARNs stay
    CloudFormation expressions.
    """
    from chalice.cli.apart import apart  # noqa: PLC0415 - `--help` does without it

    def definition() -> dict[str, Any]:
        from chalice.openapi import api_definition  # noqa: PLC0415 - for who imports
        from chalice.project import load_project  # noqa: PLC0415 - the same

        project = load_project(shell.project_dir, stage, shell.environ)
        return api_definition(project.model, project.settings)

    shell.console.json(apart(shell.console, shell.project_dir, definition))
