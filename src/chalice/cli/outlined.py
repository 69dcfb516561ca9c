"""The outline of a project, for commands that run its package."""

from __future__ import annotations

from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Any

from chalice.cli.apart import apart
from chalice.packaged.outline import Outline, outline_of
from chalice.project import load_project

if TYPE_CHECKING:
    from chalice.cli.shell import Shell


def outline(shell: Shell, stage: str) -> Outline:
    """Return the outline of the project of *shell*, loaded in a process of its own.

    Raises:
        InvalidApp: with every problem of the project.
    """

    def facts() -> dict[str, Any]:
        return outline_of(load_project(shell.project_dir, stage, shell.environ)).to_dict()

    # What the application prints is talk: stdout is for the answer.
    with redirect_stdout(shell.console.err):
        return Outline.from_dict(apart(shell.console, shell.project_dir, facts))
