"""`chalice gen-policy --diff`: the roles of a stage, beside those that are deployed."""

from __future__ import annotations

from contextlib import redirect_stdout
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from chalice.cli.merged import templates, variables_in
from chalice.cli.outlined import load_checked
from chalice.deploy.grants import compare
from chalice.deploy.templates import reasons_in, standing_template
from chalice.deploy.values import values_of
from chalice.packaged.package import deployed_graph
from chalice.template import files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalice.cli.cloud import Cloud
    from chalice.cli.shell import Shell


def print_difference(
    shell: Shell, cloud: Cloud, stage: str, merged: Sequence[str], *, as_json: bool
) -> bool:
    """Print what roles would gain and lose, and return whether there is anything.

    Args:
        shell: whose project it is.
        cloud: where it is deployed.
        stage: of the configuration.
        merged: files that are merged into the template, as they were named.
        as_json: for a program.

    Raises:
        InvalidApp: the project or its template has problems.
        ToolError: AWS cannot be asked, or a file that is merged cannot be read.
    """
    target, account = replace(cloud, stage=stage).connect(shell)
    theirs = templates(merged)
    with redirect_stdout(shell.console.err):
        graph, warnings = deployed_graph(
            shell.project_dir,
            stage,
            environ=shell.environ,
            load=partial(load_checked, shell),
            merged=variables_in(theirs),
        )
    shell.console.problems(warnings)
    caller, stack = target.standing(account, adopting=True)
    if stack is None or stack.is_new:
        shell.console.say(f"Nothing is deployed: there is no stack `{target.stack_name}`")
    before = standing_template(account.stacks, stack)
    made = files.written(graph, files.Output("json", theirs))
    shell.console.problems(made.warnings)
    after = made.document
    values = values_of(after, target.stack_name, caller.account, account.region, secret=False)
    found = compare(before, after, values, reasons_in(made.graph))
    changes = bool(found.gained or found.lost)
    if as_json:
        shell.console.json({"stack": target.stack_name, **found.to_dict()})
    elif changes:
        shell.console.permissions(found)
    else:
        shell.console.data("No permission would change")
    return changes
