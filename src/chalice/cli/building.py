"""What is to be deployed, built: for all commands that deploy."""

from __future__ import annotations

from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from chalice import programs
from chalice.cli.outlined import load_checked
from chalice.cli.progress import ProgressLine
from chalice.deploy.templates import Wanted
from chalice.packaged.package import package
from chalice.template import files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalice.cli.shell import Shell

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
    paths = tuple(map(Path, merged))
    # What the application prints is talk: stdout is for the answer.
    with ProgressLine(shell.console) as progress, redirect_stdout(shell.console.err):
        facts = (
            load_checked(shell, shell.project_dir, stage, shell.environ, given) if given else None
        )
        packaged = package(
            shell.project_dir,
            stage,
            shell.project_dir / _FOLDER / stage,
            environ=shell.environ,
            progress=progress,
            facts=facts,
            load=partial(load_checked, shell),
            accept=lambda graph: files.text(graph, files.Wanted("json", paths)),
        )
    assert packaged.deployed is not None, "`accept` was called with it"  # noqa: S101 - for types
    of_merged = files.warnings(packaged.deployed, files.Wanted("json", paths))
    shell.console.problems([*packaged.warnings, *of_merged, *packaged.bundle.notes])
    from chalice import __version__  # noqa: PLC0415 - the package root imports nothing

    return Wanted(
        packaged.deployed,
        packaged.bundle.code,
        packaged.bundle.layer,
        paths,
        commit_of(shell),
        __version__,
    )


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
