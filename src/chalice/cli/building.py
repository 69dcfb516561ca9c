"""What is to be deployed, built: for all commands that deploy."""

from __future__ import annotations

from contextlib import redirect_stdout
from functools import partial
from typing import TYPE_CHECKING

from chalice import programs
from chalice.cli.merged import templates, variables_in
from chalice.cli.outlined import load_checked
from chalice.cli.progress import ProgressLine
from chalice.deploy.templates import Wanted
from chalice.packaged.package import package
from chalice.template import files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chalice.cli.shell import Shell
    from chalice.diagnostics import Problem

# Where AWS Chalice 1.34 builds; projects have it in their `.gitignore`.
_FOLDER = ".chalice/deployments"


def build(
    shell: Shell,
    stage: str,
    merged: Sequence[str],
    given: Mapping[str, object] | None = None,
) -> Wanted:
    """Return what *stage* deploys, its archives written; warnings have been shown.

    Args:
        shell: whose project it is.
        stage: of the configuration.
        merged: files that are merged into the template, as they were named.
        given: keys of the configuration that the command line sets.

    Raises:
        InvalidApp: the project has problems.
        ToolError: something cannot be written.
    """
    theirs = templates(merged)
    variables = variables_in(theirs)
    # What the application prints is talk: stdout is for the answer.
    with ProgressLine(shell.console) as progress, redirect_stdout(shell.console.err):
        facts = (
            load_checked(shell, shell.project_dir, stage, shell.environ, variables, given)
            if given
            else None
        )
        packaged = package(
            shell.project_dir,
            stage,
            shell.project_dir / _FOLDER / stage,
            environ=shell.environ,
            progress=progress,
            facts=facts,
            load=partial(load_checked, shell),
            merged=variables,
            accept=lambda graph: (
                files.written(graph, files.Output("json", theirs), alone=False).warnings
            ),
        )
    assert packaged.deployed is not None, "`accept` was called with it"  # noqa: S101 - for types
    shell.console.problems(of_deploys([*packaged.warnings, *packaged.bundle.notes]))
    from chalice import __version__  # noqa: PLC0415 - the package root imports nothing

    return Wanted(
        packaged.deployed,
        packaged.bundle.code,
        packaged.bundle.layer,
        theirs,
        commit_of(shell),
        __version__,
    )


def of_deploys(notes: Iterable[Problem]) -> list[Problem]:
    """Return those of *notes* that are about a deploy: packages travel through a bucket anyway."""
    return [note for note in notes if note.code != "package-needs-s3"]


def commit_of(shell: Shell) -> str:
    """Return the commit of the project, with `+` where files are not committed; or nothing."""
    try:
        head = programs.run(
            ("git", "rev-parse", "HEAD"), cwd=shell.project_dir, environ=shell.environ
        )
        if head.code:
            return ""
        state = programs.run(
            ("git", "status", "--porcelain", "--", "."),
            cwd=shell.project_dir,
            environ=shell.environ,
        )
    except OSError:
        return ""
    return head.output.strip() + ("+" if state.output.strip() else "")
